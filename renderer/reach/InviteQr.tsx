import { QRCodeSVG } from 'qrcode.react';
import styles from './InviteQr.module.css';
import { leadsToThisComputer } from './share-link.ts';

export interface InviteQrProps {
  /** As others should get it, see `useShareLink`. */
  link: string;
}

/**
 * An invite link for a phone's camera. Where it works on this computer alone it says so instead:
 * such a code would lead a phone to itself.
 */
export function InviteQr({ link }: InviteQrProps) {
  if (leadsToThisComputer(link)) {
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
        value={link}
        size={232}
        level="L"
        marginSize={4}
        bgColor="#ffffff"
        fgColor="#000000"
        title="QR code of the invite link"
        className={styles.code}
        data-link={link}
      />
      <figcaption className={styles.words}>
        Scan it with a phone to open the invite link for this room.
      </figcaption>
    </figure>
  );
}
