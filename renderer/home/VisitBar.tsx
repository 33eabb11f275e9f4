import { House } from 'lucide-react';
import { useStudio } from '../app/studio-context.ts';
import { Button } from '../ui/Button.tsx';
import { useInRoom } from './use-open-page.ts';
import styles from './VisitBar.module.css';
import { goHome } from './visit.ts';

/** Says that this window is on a visit, and leads back. */
export function VisitBar() {
  const { place } = useStudio();
  const inRoom = useInRoom();
  if (place?.kind !== 'visit') return null;
  return (
    <aside className={styles.bar} aria-label="Visit">
      <p>
        You are visiting <strong>{place.name}</strong> ({new URL(place.origin).host}).
      </p>
      {!inRoom && (
        <Button size="small" icon={<House size={16} aria-hidden="true" />} onClick={goHome}>
          Back to my studio
        </Button>
      )}
    </aside>
  );
}
