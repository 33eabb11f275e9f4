import { useCallback, useEffect, useState } from 'react';
import type { Room } from '../../protocol/rooms.ts';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { usePolling } from '../ui/use-polling.ts';
import { useStudio } from './studio-context.ts';

const REFRESH_MS = 8_000;

/** The rooms that are on now and that this person may see; empty while the node can't say. */
export function useLiveRooms(): readonly Room[] {
  const { api } = useStudio();
  const [rooms, setRooms] = useState<readonly Room[]>([]);
  const phase = useStreamingState((state) => state.phase);

  const refresh = useCallback(async () => {
    try {
      const list = await api.rooms();
      setRooms(list.rooms.filter((room) => room.state !== 'ended'));
    } catch (error) {
      console.info('The list of live rooms could not be refreshed.', error);
      setRooms([]);
    }
  }, [api]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: entering or leaving a room changes it.
  useEffect(() => {
    void refresh();
  }, [refresh, phase]);
  usePolling(refresh, REFRESH_MS);
  return rooms;
}
