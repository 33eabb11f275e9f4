import { Link } from '@tanstack/react-router';
import { AppWindow, Ban, DoorClosed, DoorOpen, UserRoundMinus } from 'lucide-react';
import type { Room } from '../../protocol/rooms.ts';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { endedWords, wayOn } from './ended-words.ts';

/** The page of a room one is not in: it has ended, one was sent out, or has left. */
export function RoomOver({ roomId }: { roomId: string }) {
  const phase = useStreamingState((state) => state.phase);
  const room = useStreamingState((state) =>
    state.room?.roomId === roomId ? state.room : undefined,
  );
  if (phase === 'ended' && room) return <Ended room={room} />;
  return (
    <Notice
      icon={<DoorOpen />}
      title="You are not in this room"
      actions={<WaysOn roomId={roomId} again="Join again" />}
      page
    >
      You left it, or this page was reloaded. Whoever was let in once can go in again.
    </Notice>
  );
}

function Ended({ room }: { room: Room }) {
  const words = useStreamingState(endedWords);
  const way = useStreamingState(wayOn);
  switch (way) {
    case 'here-instead':
      return (
        <Notice
          icon={<AppWindow />}
          title="You are in this room elsewhere"
          actions={<WaysOn roomId={room.roomId} again="Go on here instead" />}
          page
          alert
        >
          {words} Go on there, or come back here: the other one then leaves the room.
        </Notice>
      );
    case 'door':
      return (
        <Notice
          icon={<UserRoundMinus />}
          title="You are out of this room"
          actions={<WaysOn roomId={room.roomId} again="Go to its door" />}
          page
          alert
        >
          {words} The room goes on without you. At its door you can ask to be let in again.
        </Notice>
      );
    case 'nowhere':
      return (
        <Notice
          icon={<Ban />}
          title="You can’t come back to this room"
          actions={
            <Link to="/" className={buttonClass({ variant: 'primary' })}>
              Go to the start
            </Link>
          }
          page
          alert
        >
          {words}
        </Notice>
      );
    case 'feed':
      return (
        <Notice
          icon={<DoorClosed />}
          title="This room has ended"
          actions={<HostLink host={room.host} />}
          page
          alert
        >
          {words} If it was recorded, the replay is in the host’s feed.
        </Notice>
      );
  }
}

function HostLink({ host }: Pick<Room, 'host'>) {
  const { member } = useStudio();
  return (
    <Link
      to="/u/$handle"
      params={{ handle: host.handle }}
      className={buttonClass({ variant: 'primary' })}
    >
      {member?.userId === host.userId ? 'See your feed' : `See ${host.displayName}’s page`}
    </Link>
  );
}

function WaysOn({ roomId, again }: { roomId: string; again: string }) {
  const { dismiss } = useStreamingActions();
  return (
    <>
      <Link
        to="/join/$roomId"
        params={{ roomId }}
        // This may be the lobby's address already, where the end is shown until it is forgotten.
        onClick={dismiss}
        className={buttonClass({ variant: 'primary' })}
      >
        {again}
      </Link>
      <Link to="/" className={buttonClass({})}>
        Go to the start
      </Link>
    </>
  );
}
