import { Link } from '@tanstack/react-router';
import { AppWindow, DoorClosed, DoorOpen } from 'lucide-react';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingActions, useStreamingState } from '../rooms/streaming-context.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Notice } from '../ui/Notice.tsx';
import { endedWords } from './ended-words.ts';

/** The page of a room one is not in: it has ended, or was left. */
export function RoomOver({ roomId }: { roomId: string }) {
  const { member } = useStudio();
  const phase = useStreamingState((state) => state.phase);
  const words = useStreamingState(endedWords);
  const room = useStreamingState((state) =>
    state.room?.roomId === roomId ? state.room : undefined,
  );
  const replaced = useStreamingState((state) => state.endedReason === 'replaced');
  if (phase === 'ended' && room && replaced) {
    return (
      <Notice
        icon={<AppWindow />}
        title="You are in this room elsewhere"
        actions={<WaysOn roomId={roomId} again="Go on here instead" />}
        page
        alert
      >
        {words} Go on there, or come back here: the other one then leaves the room.
      </Notice>
    );
  }
  if (phase === 'ended' && room) {
    return (
      <Notice
        icon={<DoorClosed />}
        title="This room has ended"
        actions={
          <Link
            to="/u/$handle"
            params={{ handle: room.host.handle }}
            className={buttonClass({ variant: 'primary' })}
          >
            {member?.userId === room.host.userId
              ? 'See your feed'
              : `See ${room.host.displayName}’s page`}
          </Link>
        }
        page
        alert
      >
        {words} If it was recorded, the replay is in the host’s feed.
      </Notice>
    );
  }
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
