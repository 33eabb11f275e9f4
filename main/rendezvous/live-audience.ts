import type { Participant } from '../../protocol/rooms.ts';

/** Those who watch a room live without being in it. */
export interface LiveAudience {
  /** @param insideUserIds not to be counted twice */
  count(roomId: string, insideUserIds: readonly string[]): number;
  forget(roomId: string): void;
}

/** How many watch a room: everybody in it but the host, and those outside. */
export function concurrentViewers(
  roomId: string,
  participants: readonly Participant[],
  outside: Pick<LiveAudience, 'count'> | undefined,
): number {
  const inside = participants.filter(({ status }) => status === 'active');
  const watching = inside.filter(({ role }) => role !== 'host').length;
  return (
    watching +
    (outside?.count(
      roomId,
      inside.map(({ userId }) => userId),
    ) ?? 0)
  );
}
