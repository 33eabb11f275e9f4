import { ProtocolError } from '../../protocol/errors.ts';
import type { Caller } from './access.ts';
import { isModerator, type ModerationAct, refusalOf } from './moderation-rights.ts';
import type { RoomRegistry } from './room-registry.ts';

/** Throws `room-not-found`, and `forbidden` with why, when the caller may not do this there. */
export function requireRight(
  registry: RoomRegistry,
  caller: Caller,
  roomId: string,
  act: ModerationAct,
  targetUserId?: string,
): void {
  registry.require(roomId);
  const refusal = refusalOf({
    actor: {
      userId: caller.userId,
      role: registry.roleOf(roomId, caller.userId),
      guest: caller.guest,
      mayModerate: caller.scopes.includes('stream:moderate'),
    },
    target:
      targetUserId === undefined
        ? undefined
        : { userId: targetUserId, role: registry.roleOf(roomId, targetUserId) },
    act,
  });
  if (refusal) throw new ProtocolError('forbidden', refusal);
}

/**
 * The caller's role, as one of the room's moderators.
 * Throws `room-not-found`, `banned`, `forbidden`.
 */
export function requireRoomModerator(
  registry: RoomRegistry,
  caller: Caller,
  roomId: string,
): 'host' | 'cohost' {
  registry.requireNotBanned(roomId, caller.userId);
  requireRight(registry, caller, roomId, { action: 'mute' });
  const role = registry.roleOf(roomId, caller.userId);
  if (isModerator(role)) return role;
  throw new ProtocolError('forbidden', 'Only the host and cohosts of this room can do that.');
}
