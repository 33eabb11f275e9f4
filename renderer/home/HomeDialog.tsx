import { useState } from 'react';
import type { NodeFound } from '../../protocol/home.ts';
import { useStudio } from '../app/studio-context.ts';
import { Fingerprint } from '../reach/Fingerprint.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { TextField } from '../ui/TextField.tsx';
import styles from './HomeDialog.module.css';
import { homeOf } from './place-words.ts';
import { useHome } from './use-home.ts';
import { useInRoom } from './use-open-page.ts';

export interface HomeDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const HOW_TO_PASTE =
  'Paste the whole link you were given, e.g. https://rooms.example/enrol#token=… Where you are enrolled already, the address is enough.';

/** Which node this studio's rooms live on. */
export function HomeDialog({ open, onOpenChange }: HomeDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Home"
      description="Your rooms, invitations and posts live on one node. Usually it is this computer, and they are there while your studio runs. A community’s node is always on."
    >
      {open && <HomePanel />}
    </Dialog>
  );
}

function HomePanel() {
  const { info } = useStudio();
  const inRoom = useInRoom();
  const home = useHome();
  const [address, setAddress] = useState('');
  if (!info) return null;
  const { name, detail, own } = homeOf(info.place);

  return (
    <div className={styles.panel}>
      <div className={styles.now}>
        <p className={styles.place}>
          <span className={styles.name}>{name}</span>
          <span className={styles.origin}>{detail}</span>
        </p>
        {!own && (
          <Button disabled={inRoom} busy={home.leaving} onClick={home.leave}>
            Use this computer
          </Button>
        )}
      </div>
      {inRoom && (
        <p className={styles.words}>
          Leave the room first: it stays on the node it was started on.
        </p>
      )}
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          home.look(address);
        }}
      >
        <TextField
          label="Invitation to another node"
          description={home.found ? undefined : HOW_TO_PASTE}
          value={address}
          problem={home.found ? undefined : home.problem}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setAddress(event.target.value);
            home.reset();
          }}
        />
        {!home.found && (
          <div className={styles.actions}>
            <Button type="submit" busy={home.looking} disabled={address.trim() === ''}>
              Check
            </Button>
          </div>
        )}
      </form>
      {home.found && (
        <Found
          found={home.found}
          problem={home.problem}
          blocked={inRoom}
          busy={home.moving}
          onUse={() => home.use(address)}
        />
      )}
    </div>
  );
}

interface FoundProps {
  found: NodeFound;
  problem: string | undefined;
  blocked: boolean;
  busy: boolean;
  onUse: () => void;
}

function Found({ found, problem, blocked, busy, onUse }: FoundProps) {
  const { name, origin, version, certificate } = found;
  const unknown = certificate?.standing === 'unknown';
  return (
    <section className={styles.found} aria-label="The node that was found">
      <p className={styles.place}>
        <span className={styles.name}>{name}</span>
        <span className={styles.origin}>
          {origin}, Swarm Studio {version}
        </span>
      </p>
      {unknown && (
        <>
          <p className={styles.words}>
            This node made its certificate itself. To be sure that nobody stands in between, compare
            the fingerprint with the one that whoever runs the node sees.
          </p>
          <Fingerprint value={certificate.fingerprint} />
        </>
      )}
      {certificate?.standing === 'invited' && (
        <p className={styles.words}>Its certificate is the one that the invitation names.</p>
      )}
      <p className={styles.words}>
        Rooms there can’t be recorded yet. What you have on this computer stays here; you see it
        again when you come back.
      </p>
      {problem && <InlineProblem message={problem} />}
      <div className={styles.actions}>
        <Button variant="primary" busy={busy} disabled={blocked} onClick={onUse}>
          {unknown ? 'It is the right one, make it my home' : 'Make it my home'}
        </Button>
      </div>
    </section>
  );
}
