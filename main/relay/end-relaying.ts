import type { Logger } from 'pino';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';

/**
 * For a node that relays nothing: rooms that another node relayed, or this one before it was started
 * otherwise, go back to their meshes. One with more people than a mesh takes stays as it is; its
 * people see each other directly all the same, and are told that there is no relay.
 */
export function endRelaying(registry: RoomRegistry, logger: Logger): void {
  const end = (roomId: string) => {
    if (registry.get(roomId)?.topology !== 'relay') return;
    try {
      registry.setTopology(roomId, undefined);
    } catch (err) {
      logger.warn({ err, roomId }, 'a relayed room is too large for a mesh, and has no relay here');
    }
  };
  for (const { roomId } of registry.open()) end(roomId);
  registry.on('adopted', end);
}
