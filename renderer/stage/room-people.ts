import type { Participant, Role } from '../../protocol/rooms.ts';
import type { StreamingState } from '../rooms/streaming.ts';

/** The part of the room's state that says who is there. */
export interface RoomPeople {
  participants: StreamingState['participants'];
  self: StreamingState['self'] | undefined;
}

const RANK: Record<Role, number> = { host: 0, cohost: 1, speaker: 2, listener: 3 };

/** Everybody in the room, oneself first, then by role, then by who came first. */
export function orderedPeople({ participants, self }: RoomPeople): Participant[] {
  return Object.values(participants).sort(
    (a, b) =>
      Number(b.peerId === self?.peerId) - Number(a.peerId === self?.peerId) ||
      RANK[a.role] - RANK[b.role] ||
      a.joinedAt.localeCompare(b.joinedAt) ||
      a.peerId.localeCompare(b.peerId),
  );
}

const ROLE_NAMES: Record<Role, string> = {
  host: 'Host',
  cohost: 'Co-host',
  speaker: 'Speaker',
  listener: 'Listener',
};

/** A role as people call it. */
export function roleName(role: Role): string {
  return ROLE_NAMES[role];
}

/**
 * The link that brings somebody into the room: the open invitation where this member made one,
 * for a public room its plain address, else `undefined`.
 * @param origin of the node, e.g. `http://127.0.0.1:41234`.
 */
export function inviteLink(
  { room, invites }: Pick<StreamingState, 'room' | 'invites'>,
  origin: string,
): string | undefined {
  const open = invites.find(
    ({ handle, label, singleUse, state }) =>
      handle === undefined && label === undefined && !singleUse && state === 'pending',
  );
  if (open) return open.link;
  return room?.visibility === 'public' ? `${origin}/join/${room.roomId}` : undefined;
}
