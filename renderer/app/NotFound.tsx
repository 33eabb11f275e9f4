import { Link } from '@tanstack/react-router';
import { MapPinOff } from 'lucide-react';
import { buttonClass } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { usePageTitle } from './use-page-title.ts';

/** An address that leads nowhere. */
export function NotFound() {
  usePageTitle('Page not found');
  return (
    <Notice
      icon={<MapPinOff />}
      title="There is no such page"
      actions={
        <Link to="/" className={buttonClass({ variant: 'primary' })}>
          Go to the start
        </Link>
      }
      page
    >
      This address is not one of the studio’s. If somebody sent you the link, ask them to copy it
      again in full.
    </Notice>
  );
}
