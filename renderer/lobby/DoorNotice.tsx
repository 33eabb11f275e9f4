import { Link } from '@tanstack/react-router';
import { Ban, CloudOff, DoorClosed, Lock, MapPinOff, Ticket, UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, buttonClass } from '../ui/Button.tsx';
import type { Explanation } from '../ui/explain.ts';
import { Notice } from '../ui/Notice.tsx';

interface Door {
  title: string;
  icon: ReactNode;
  retry?: boolean;
}

const DOORS: Record<string, Door> = {
  'not-ours': {
    title: 'This is not one of our links',
    icon: <MapPinOff />,
  },
  'room-not-found': {
    title: 'There is no such room',
    icon: <MapPinOff />,
  },
  'room-closed': {
    title: 'This room has ended',
    icon: <DoorClosed />,
  },
  'room-full': { title: 'The room is full', icon: <UsersRound />, retry: true },
  banned: { title: 'You can’t join this room', icon: <Ban /> },
  'invite-required': { title: 'This room takes an invitation', icon: <Lock />, retry: true },
  'invite-expired': { title: 'The invitation has expired', icon: <Ticket /> },
  'invite-revoked': { title: 'The invitation was taken back', icon: <Ticket /> },
  'invite-used': { title: 'The invitation has been used', icon: <Ticket /> },
  'invite-invalid': { title: 'The invitation does not work', icon: <Ticket /> },
  'knock-denied': { title: 'You were not let in', icon: <DoorClosed />, retry: true },
};

export interface DoorNoticeProps {
  problem: Explanation;
  onRetry?: () => void;
  /** Where somebody inside may open. */
  onKnock?: (() => void) | undefined;
  /** The host's handle, where it is known. */
  host: string | undefined;
}

/** Why there is no way into the room. */
export function DoorNotice({ problem, onRetry, onKnock, host }: DoorNoticeProps) {
  const door: Door = DOORS[problem.code] ?? {
    title: 'The room could not be reached',
    icon: <CloudOff />,
    retry: true,
  };
  return (
    <Notice
      icon={door.icon}
      title={door.title}
      actions={
        <>
          {onKnock && (
            <Button variant="primary" onClick={onKnock}>
              Ask to join
            </Button>
          )}
          {door.retry && onRetry && (
            <Button variant="primary" onClick={onRetry}>
              Try again
            </Button>
          )}
          {host && (
            <Link to="/u/$handle" params={{ handle: host }} className={buttonClass({})}>
              See @{host}
            </Link>
          )}
          <Link to="/" className={buttonClass({})}>
            Go to the start
          </Link>
        </>
      }
      page
      alert
    >
      {problem.message}
    </Notice>
  );
}
