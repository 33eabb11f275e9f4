import { Fragment } from 'react';
import { CopyButton } from './CopyButton.tsx';
import styles from './ReachDialog.module.css';

/** A certificate's SHA-256, to be compared and copied. */
export function Fingerprint({ value }: { value: string }) {
  return (
    <div className={styles.fingerprint}>
      <span>
        <span className={styles.label}>SHA-256</span>
        <code className={styles.hex}>
          {value.split(':').map((byte, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: bytes repeat and never move.
            <Fragment key={index}>
              {index > 0 && ':'}
              <wbr />
              {byte}
            </Fragment>
          ))}
        </code>
      </span>
      <CopyButton label="Copy the fingerprint" text={value} said="Fingerprint copied." />
    </div>
  );
}
