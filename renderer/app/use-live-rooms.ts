import { useCallback, useEffect, useState } from 'react';
import type { Room } from '../../protocol/rooms.ts';
import { useRoomChange } from '../feed/use-room-change.ts';
import { usePolling } from '../ui/use-polling.ts';
import { useStudio } from './studio-context.ts';

const REFRESH_MS = 8_000;

/** The rooms that are on now and that this person may see; empty while the node can't say. */
export function useLiveRooms(): readonly Room[] {
  const { api } = useStudio();
  const [rooms, setRooms] = useState<readonly Room[]>([]);
  const change = useRoomChange();

  const refresh = useCallback(async () => {
    try {
      const list = await api.rooms();
      setRooms(list.rooms.filter((room) => room.state !== 'ended'));
    } catch (error) {
      console.info('The list of live rooms could not be refreshed.', error);
      setRooms([]);
    }
  }, [api]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what one does in a room changes it.
  useEffect(() => {
    void refresh();
  }, [refresh, change]);
  usePolling(refresh, REFRESH_MS);
  return rooms;
}
