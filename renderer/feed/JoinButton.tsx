import { useNavigate } from '@tanstack/react-router';
import { DoorOpen, Radio } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { WayIn } from '../../protocol/rooms.ts';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { Button } from '../ui/Button.tsx';

/** Leads into a room that is live, or to its door where one has to ask to be let in. */
export function JoinButton({ roomId }: { roomId: string }) {
  const navigate = useNavigate();
  const inside = useStreamingState(
    (state) => state.phase === 'inside' && state.room?.roomId === roomId,
  );
  const wayIn = useWayIn(roomId, !inside);
  if (inside) {
    return (
      <Button
        variant="primary"
        icon={<Radio size={18} aria-hidden="true" />}
        onClick={() => navigate({ to: '/room/$roomId', params: { roomId } })}
      >
        Back to the room
      </Button>
    );
  }
  const asks = wayIn === 'ask';
  return (
    <Button
      variant="primary"
      icon={
        asks ? <DoorOpen size={18} aria-hidden="true" /> : <Radio size={18} aria-hidden="true" />
      }
      onClick={() => navigate({ to: '/join/$roomId', params: { roomId } })}
    >
      {asks ? 'Request to join' : 'Join live'}
    </Button>
  );
}

/** Whether one gets in by right; `undefined` until that is known, and without a session. */
function useWayIn(roomId: string, outside: boolean): WayIn | undefined {
  const { api, sessions } = useStudio();
  const [wayIn, setWayIn] = useState<WayIn>();
  useEffect(() => {
    if (!outside) return;
    let isGone = false;
    const ask = async () => {
      if ((await sessions.token()) === undefined) return;
      const answer = await api.room(roomId);
      if (!isGone) setWayIn(answer.wayIn);
    };
    // The door says the same, and why: a card that could not ask leads there.
    ask().catch((error: unknown) => console.info('The way into a room is not known.', error));
    return () => {
      isGone = true;
    };
  }, [api, sessions, roomId, outside]);
  return wayIn;
}
