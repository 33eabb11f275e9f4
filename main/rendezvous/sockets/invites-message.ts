import { MAX_MESSAGE_BYTES } from '../../../protocol/messages.ts';
import type { Invite } from '../../../protocol/rooms.ts';

/** Of those who came by an invitation. */
export const NEWEST_GUESTS = 20;

/** `,"invites":[]` */
const LIST_BYTES = 13;

/**
 * The message with as many of the invitations, from the first on, as the limit of a message leaves
 * room for, each with the last who came by it. All of them are read over REST.
 */
export function withInvites<T extends object>(
  message: T,
  invites: readonly Invite[],
): T & { invites: Invite[] } {
  let left = MAX_MESSAGE_BYTES - Buffer.byteLength(JSON.stringify(message)) - LIST_BYTES;
  const fitting: Invite[] = [];
  for (const { usedBy, ...invite } of invites) {
    const shown = { ...invite, usedBy: usedBy.slice(-NEWEST_GUESTS) };
    left -= Buffer.byteLength(JSON.stringify(shown)) + 1;
    if (left < 0) break;
    fitting.push(shown);
  }
  return { ...message, invites: fitting };
}
