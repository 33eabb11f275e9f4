import { useStreamingState } from '../rooms/streaming-context.tsx';

/** A text that changes whenever the room one is in may have changed a feed or a list of rooms. */
export function useRoomChange(): string {
  return useStreamingState(({ phase, room }) =>
    [phase, room?.postId, room?.broadcast, room?.recording, room?.state].join(' '),
  );
}
