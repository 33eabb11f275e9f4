import type { ReachAddress } from '../../protocol/reach.ts';
import { Chip } from '../ui/Chip.tsx';
import styles from './AddressList.module.css';
import { CopyButton } from './CopyButton.tsx';

const MEANING: Record<ReachAddress['kind'], string> = {
  given: 'The address you gave it',
  private: 'In your network',
  global: 'From the internet, where nothing blocks it',
  name: 'By name in your network',
  'link-local': 'Between two computers on one cable',
};

/** The addresses that guests can use, each with how it was found. */
export function AddressList({ addresses }: { addresses: readonly ReachAddress[] }) {
  return (
    <ul className={styles.list}>
      {addresses.map((address) => (
        <li key={address.origin} className={styles.item}>
          <span className={styles.words}>
            <span className={styles.origin}>{address.origin}</span>
            <span className={styles.meaning}>{meaningOf(address)}</span>
            {address.reason && <span className={styles.reason}>{address.reason}</span>}
          </span>
          <StateChip state={address.state} />
          <CopyButton
            label={`Copy ${address.origin}`}
            text={address.origin}
            said="Address copied."
          />
        </li>
      ))}
    </ul>
  );
}

function meaningOf({ kind, interface: name, likely }: ReachAddress): string {
  const meaning = likely ? MEANING[kind] : 'A VPN or a virtual network: few guests share it';
  return name ? `${meaning} (${name})` : meaning;
}

function StateChip({ state }: Pick<ReachAddress, 'state'>) {
  switch (state) {
    case 'answers':
      return <Chip tone="accent">Answers here</Chip>;
    case 'blocked':
      return <Chip tone="warn">Blocked</Chip>;
    case 'checking':
      return <Chip>Checking…</Chip>;
  }
}
