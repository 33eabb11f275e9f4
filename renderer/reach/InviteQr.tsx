import { QRCodeSVG } from 'qrcode.react';
import { useStudio } from '../app/studio-context.ts';
import styles from './InviteQr.module.css';
import { leadsToThisComputer, linkUnder } from './share-link.ts';
import { useReach } from './use-reach.ts';

export interface InviteQrProps {
  /** The invite link, as the node made it. */
  link: string;
}

/**
 * An invite link for a phone's camera, under the address that other devices reach. Where they
 * reach none it says so instead: such a code would lead a phone to itself.
 */
export function InviteQr({ link }: InviteQrProps) {
  const { bridge, place } = useStudio();
  const { status } = useReach();
  const ours = status?.linkReachesOthers && place?.kind === 'own';
  const shared = ours ? linkUnder(link, status.linkOrigin) : link;
  if (bridge && !status) return null;
  if (leadsToThisComputer(shared)) {
    return (
      <p className={styles.words}>
        This link works on this computer alone. Let guests in from other devices to get a code that
        their phones can scan.
      </p>
    );
  }
  return (
    <figure className={styles.figure}>
      <QRCodeSVG
        value={shared}
        size={232}
        level="L"
        marginSize={4}
        bgColor="#ffffff"
        fgColor="#000000"
        title="QR code of the invite link"
        className={styles.code}
        data-link={shared}
      />
      <figcaption className={styles.words}>
        Scan it with a phone to open the invite link for this room.
      </figcaption>
    </figure>
  );
}
