import { RotateCw } from 'lucide-react';
import type { ReachStatus } from '../../protocol/reach.ts';
import { useStudio } from '../app/studio-context.ts';
import { useInviteLink } from '../stage/use-invite-link.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { InlineProblem } from '../ui/InlineProblem.tsx';
import { SwitchField } from '../ui/SwitchField.tsx';
import { AddressList } from './AddressList.tsx';
import { CertificateNote } from './CertificateNote.tsx';
import { InviteQr } from './InviteQr.tsx';
import styles from './ReachDialog.module.css';
import { type ReachControl, useReach } from './use-reach.ts';

export interface ReachDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Whether guests on other devices get in, by which addresses, and what their browsers will say. */
export function ReachDialog({ open, onOpenChange }: ReachDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Guests on other devices">
      {open && <ReachPanel />}
    </Dialog>
  );
}

function ReachPanel() {
  const reach = useReach();
  const { status, problem = status?.problem, busy } = reach;
  const { place } = useStudio();
  return (
    <div className={styles.panel}>
      <SwitchField
        label="Let guests in from other devices"
        description="While it is on, the studio answers on your network, encrypted, and invite links lead there. What controls the studio stays on this computer. Turning it off disconnects those guests from the studio."
        checked={status?.reach === 'network'}
        disabled={!status || busy}
        onChange={(on) => reach.set(on ? 'network' : 'this-computer')}
      />
      {place?.kind === 'home' && (
        <p className={styles.words}>
          Your rooms are on {place.name}, where guests come by themselves. This is about rooms on
          this computer.
        </p>
      )}
      {problem && <InlineProblem message={problem} />}
      {status && status.addresses.length > 0 && <Addresses reach={reach} status={status} />}
      {status?.reach === 'network' && status.addresses.length === 0 && (
        <p className={styles.words}>
          This computer is in no network now. The addresses appear here when it is.
        </p>
      )}
      {status?.linkReachesOthers && <RoomCode />}
      {status?.certificate && <CertificateNote certificate={status.certificate} />}
    </div>
  );
}

function Addresses({ reach, status }: { reach: ReachControl; status: ReachStatus }) {
  return (
    <section className={styles.section} aria-labelledby="reach-addresses">
      <div className={styles.bar}>
        <h3 id="reach-addresses" className={styles.heading}>
          Where guests find you
        </h3>
        <Button
          size="small"
          busy={reach.busy}
          icon={<RotateCw size={16} aria-hidden="true" />}
          onClick={reach.check}
        >
          Check again
        </Button>
      </div>
      <AddressList addresses={status.addresses} />
      <p className={styles.words}>
        Invite links use {status.linkOrigin}. The addresses were tried from this computer: a
        firewall between it and your guests can’t be seen from here.
      </p>
    </section>
  );
}

function RoomCode() {
  const { link } = useInviteLink();
  if (link === undefined) return null;
  return (
    <section className={styles.section} aria-labelledby="reach-room">
      <h3 id="reach-room" className={styles.heading}>
        This room’s invitation
      </h3>
      <InviteQr link={link} />
    </section>
  );
}
