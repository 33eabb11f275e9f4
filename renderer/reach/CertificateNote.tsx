import type { ReachCertificate } from '../../protocol/reach.ts';
import { Fingerprint } from './Fingerprint.tsx';
import styles from './ReachDialog.module.css';

/** What guests' browsers will say about the studio's certificate, and how to be sure of it. */
export function CertificateNote({ certificate }: { certificate: ReachCertificate }) {
  const { source, fingerprint, validUntil } = certificate;
  const until = new Date(validUntil).toLocaleDateString(undefined, { dateStyle: 'long' });
  return (
    <section className={styles.section} aria-labelledby="reach-certificate">
      <h3 id="reach-certificate" className={styles.heading}>
        {source === 'own' ? 'The warning your guests will see' : 'Certificate'}
      </h3>
      {source === 'own' ? (
        <p className={styles.words}>
          Browsers give a camera to encrypted pages alone, and this studio made its certificate
          itself. So a guest’s browser says once that the connection is not private. It is encrypted
          all the same: they choose “Advanced”, then continue to the address. To be sure that nobody
          stands in between, compare this fingerprint with the one their browser shows for the
          certificate.
        </p>
      ) : (
        <p className={styles.words}>
          The studio uses the certificate it was given, valid until {until}.
        </p>
      )}
      <Fingerprint value={fingerprint} />
    </section>
  );
}
