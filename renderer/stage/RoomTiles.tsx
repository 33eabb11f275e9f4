import { useShallow } from 'zustand/react/shallow';
import { useStreamingState } from '../rooms/streaming-context.tsx';
import { orderedPeople } from './room-people.ts';
import { Tile } from './Tile.tsx';

/** A tile for everybody in the room. */
export function RoomTiles({ compact = false }: { compact?: boolean }) {
  const { self, links, participants } = useStreamingState(
    useShallow(({ self, links, participants }) => ({ self, links, participants })),
  );
  return orderedPeople({ participants, self }).map((participant) => {
    const own = participant.peerId === self?.peerId;
    const link = links[participant.peerId];
    return (
      <Tile
        key={participant.peerId}
        participant={own && self ? { ...participant, muted: self.muted } : participant}
        self={own}
        stream={own ? self?.stream : link?.stream}
        link={link}
        compact={compact}
      />
    );
  });
}
