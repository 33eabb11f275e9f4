import { ShieldQuestion, Unplug } from 'lucide-react';
import { type ReactNode, useCallback, useState } from 'react';
import type { Native, UnreachablePlace } from '../app/boot.ts';
import fullScreen from '../app/FullScreen.module.css';
import { useReady } from '../app/use-ready.ts';
import { Fingerprint } from '../reach/Fingerprint.tsx';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useLoad } from '../ui/use-load.ts';
import styles from './PlaceProblem.module.css';
import { goHome } from './visit.ts';

export interface PlaceProblemProps {
  place: UnreachablePlace;
  onRetry: () => void;
}

/** Why the window can't be on the node it should be on, and the ways on from here. */
export function PlaceProblem({ place, onRetry }: PlaceProblemProps) {
  useReady();
  return place.problem.code === 'node-untrusted' ? (
    <UnknownCertificate place={place} onRetry={onRetry} />
  ) : (
    <Unreachable place={place} onRetry={onRetry} />
  );
}

function Unreachable({ place, onRetry }: PlaceProblemProps) {
  const { native, kind, name, problem } = place;
  const { failure, run } = useRun();
  return (
    <Screen
      icon={<Unplug />}
      title={
        kind === 'home' ? `Your home, ${name}, can’t be used now` : 'This node can’t be reached'
      }
      actions={
        <>
          <Button variant="primary" onClick={onRetry}>
            Try again
          </Button>
          <WayBack kind={kind} onLeaveHome={() => run(() => leaveHome(native))} />
        </>
      }
    >
      <p>{problem.message}</p>
      {kind === 'home' && (
        <p>
          Your rooms and posts there are as you left them. On this computer you can have rooms
          meanwhile; you come back to {name} by its address, without a new invitation.
        </p>
      )}
      {failure && <InlineProblem message={failure} />}
    </Screen>
  );
}

/** The node shows a certificate of its own that nobody has confirmed, or not that one. */
function UnknownCertificate({ place, onRetry }: PlaceProblemProps) {
  const { native, kind, address, problem } = place;
  const look = useCallback(() => native.bridge.call('home.look', { address }), [native, address]);
  const { state } = useLoad(look);
  const { failure, run } = useRun();
  const found = state.status === 'ready' ? state.value : undefined;
  const fingerprint =
    found?.certificate?.standing === 'unknown' ? found.certificate.fingerprint : undefined;

  async function trust() {
    const method = kind === 'home' ? 'home.use' : 'home.visit';
    await native.bridge.call(method, { address, ...(fingerprint && { fingerprint }) });
    // The policy of this page does not name the way there.
    location.reload();
  }

  return (
    <Screen
      icon={<ShieldQuestion />}
      title={found ? `Is this ${found.name}?` : `Who answers at ${new URL(address).host}?`}
      actions={
        <>
          {fingerprint ? (
            <Button variant="primary" onClick={() => run(trust)}>
              It is the right one, go on
            </Button>
          ) : (
            <Button variant="primary" onClick={onRetry}>
              Try again
            </Button>
          )}
          <WayBack kind={kind} onLeaveHome={() => run(() => leaveHome(native))} />
        </>
      }
    >
      {fingerprint ? (
        <>
          <p>
            {kind === 'home'
              ? `The node at ${address} shows another certificate than before. Nodes make a new one every year and when their addresses change; somebody in between would show another one too.`
              : `The node at ${address} made its certificate itself.`}{' '}
            To be sure, compare this fingerprint with the one that whoever runs the node sees.
            {kind === 'visit' && ' It is trusted until you quit the studio.'}
          </p>
          <Fingerprint value={fingerprint} />
        </>
      ) : (
        <p>{state.status === 'failed' ? state.problem.message : problem.message}</p>
      )}
      {failure && <InlineProblem message={failure} />}
    </Screen>
  );
}

function WayBack({ kind, onLeaveHome }: { kind: 'home' | 'visit'; onLeaveHome: () => void }) {
  return kind === 'home' ? (
    <Button onClick={onLeaveHome}>Use this computer</Button>
  ) : (
    <Button onClick={goHome}>Back to my studio</Button>
  );
}

async function leaveHome({ bridge }: Native): Promise<void> {
  await bridge.call('home.leave', undefined);
  location.assign('/');
}

/** Does what was clicked; `failure` says why it could not be done. */
function useRun() {
  const [failure, setFailure] = useState<string>();
  async function run(work: () => Promise<void>) {
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      setFailure(explain(error).message);
    }
  }
  return { failure, run };
}

function Screen(props: {
  icon: ReactNode;
  title: string;
  actions: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className={fullScreen.screen}>
      <Notice icon={props.icon} title={props.title} actions={props.actions} page alert>
        <div className={styles.words}>{props.children}</div>
      </Notice>
    </main>
  );
}
