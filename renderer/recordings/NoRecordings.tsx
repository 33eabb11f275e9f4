import { Link } from '@tanstack/react-router';
import { Clapperboard } from 'lucide-react';
import { buttonClass } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';

/** What is there before anything was recorded. */
export function NoRecordings() {
  return (
    <Notice
      icon={<Clapperboard />}
      title="No recordings yet"
      actions={
        <Link to="/" className={buttonClass({ variant: 'primary' })}>
          Go to your profile
        </Link>
      }
    >
      Start a live room and record it: it is here as soon as it begins, on your own disk.
    </Notice>
  );
}
