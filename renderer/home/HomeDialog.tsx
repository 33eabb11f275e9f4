import { useState } from 'react';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/TextField.tsx';
import { FoundNode } from './FoundNode.tsx';
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
        <FoundNode
          found={home.found}
          problem={home.problem}
          blocked={inRoom}
          busy={home.moving}
          action="Make it my home"
          onUse={() => home.use(address)}
        >
          Rooms there can’t be recorded yet. What you have on this computer stays here; you see it
          again when you come back.
        </FoundNode>
      )}
    </div>
  );
}
