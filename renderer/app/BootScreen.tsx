import styles from './BootScreen.module.css';
import { BrandMark } from './BrandMark.tsx';

/** The moment before the studio is there. */
export function BootScreen() {
  return (
    <main className={styles.screen}>
      <div role="status">
        <BrandMark size={56} />
        <span className="visually-hidden">Starting Swarm Studio</span>
      </div>
    </main>
  );
}
