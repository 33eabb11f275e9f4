import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type RoomLink, routeOfRoom } from '../../protocol/node-link.ts';
import { useStudio } from '../app/studio-context.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { forgetVisit } from './visit.ts';

/**
 * Opens the door of a room: here, or on another node, for which the window loads anew. Answers
 * `false`, and does nothing, where that would cut off the room one is in.
 */
export function useOpenRoom(): (room: RoomLink) => boolean {
  const { place } = useStudio();
  const { history } = useRouter();
  const inRoom = useInRoom();
  return useCallback(
    ({ origin, ...room }) => {
      const here = origin === undefined ? place?.kind !== 'visit' : origin === place?.origin;
      if (here) history.push(routeOfRoom(room));
      if (here || inRoom) return here;
      if (origin === undefined) forgetVisit();
      location.assign(routeOfRoom({ ...(origin !== undefined && { origin }), ...room }));
      return true;
    },
    [place, history, inRoom],
  );
}

/** Whether loading the window anew would cut something off. */
export function useInRoom(): boolean {
  return useStreamingState(({ phase }) => phase !== 'outside' && phase !== 'ended');
}
