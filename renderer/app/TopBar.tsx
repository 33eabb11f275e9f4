import { Link } from '@tanstack/react-router';
import { BrandMark } from './BrandMark.tsx';
import { useStudio } from './studio-context.ts';
import styles from './TopBar.module.css';

/** A guest's navigation: where they are, and as whom. */
export function TopBar() {
  const { node, guestName } = useStudio();
  return (
    <header className={styles.bar}>
      <Link to="/" className={styles.brand}>
        <BrandMark size={24} />
        {node.name}
      </Link>
      {guestName && <p className={styles.guest}>Guest: {guestName}</p>}
    </header>
  );
}
