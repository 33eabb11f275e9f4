import { ShieldQuestion, Unplug } from 'lucide-react';
import { type ReactNode, useCallback, useState } from 'react';
import type { UnreachablePlace } from '../app/boot.ts';
import fullScreen from '../app/FullScreen.module.css';
import { useReady } from '../app/use-ready.ts';
import { Fingerprint } from '../reach/Fingerprint.tsx';
import { Button } from '../ui/Button.tsx';
import { explain } from '../ui/explain.ts';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { Notice } from '../ui/Notice.tsx';
import { useLoad } from '../ui/use-load.ts';
import { goHome } from './visit.ts';

export interface PlaceProblemProps {
  place: UnreachablePlace;
  onRetry: () => void;
}

/** Why the window can't be on the node it should be on, and the ways on from here. */
export function PlaceProblem({ place, onRetry }: PlaceProblemProps) {
  useReady();
  if (place.kind === 'visit' && place.problem.code === 'node-untrusted') {
    return <UnknownCertificate place={place} onRetry={onRetry} />;
  }
  return <Unreachable place={place} onRetry={onRetry} />;
}

function Unreachable({ place, onRetry }: PlaceProblemProps) {
  const { native, kind, name, problem } = place;
  const [failure, setFailure] = useState<string>();

  async function leaveHome() {
    try {
      await native.bridge.call('home.leave', undefined);
      location.assign('/');
    } catch (error) {
      setFailure(explain(error).message);
    }
  }

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
          {kind === 'home' ? (
            <Button onClick={leaveHome}>Use this computer</Button>
          ) : (
            <Button onClick={goHome}>Back to my studio</Button>
          )}
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

/** The node made its certificate itself, and nobody has said yet that it is the right one. */
function UnknownCertificate({ place, onRetry }: PlaceProblemProps) {
  const { native, address } = place;
  const look = useCallback(() => native.bridge.call('home.look', { address }), [native, address]);
  const { state } = useLoad(look);
  const [failure, setFailure] = useState<string>();
  const found = state.status === 'ready' ? state.value : undefined;
  const fingerprint = found?.certificate?.fingerprint;

  async function trust() {
    try {
      await native.bridge.call('home.visit', { address, fingerprint });
      onRetry();
    } catch (error) {
      setFailure(explain(error).message);
    }
  }

  return (
    <Screen
      icon={<ShieldQuestion />}
      title={found ? `Is this ${found.name}?` : 'Who answers there?'}
      actions={
        <>
          <Button variant="primary" disabled={fingerprint === undefined} onClick={trust}>
            It is the right one, go on
          </Button>
          <Button onClick={goHome}>Back to my studio</Button>
        </>
      }
    >
      <p>
        The node at {address} made its certificate itself. To be sure that nobody stands in between,
        compare this fingerprint with the one that whoever runs the node sees. It is trusted until
        you quit the studio.
      </p>
      {fingerprint && <Fingerprint value={fingerprint} />}
      {state.status === 'failed' && <InlineProblem message={state.problem.message} />}
      {failure && <InlineProblem message={failure} />}
    </Screen>
  );
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
        {props.children}
      </Notice>
    </main>
  );
}
