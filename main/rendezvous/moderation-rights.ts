import type { Role } from '../../protocol/rooms.ts';

/** What somebody wants to do as a moderator; `role` is what the target is to become. */
export type ModerationAct =
  | { action: 'mute' | 'unmute' | 'remove' | 'ban' | 'unban' | 'deny' }
  | { action: 'promote' | 'demote' | 'approve' | 'invite'; role: Exclude<Role, 'host'> };

export interface ModerationQuestion {
  /** `role` is `undefined` for somebody who does not belong to the room. */
  actor: { userId: string; role: Role | undefined; guest: boolean; mayModerate: boolean };
  /** Whom it concerns; `role` is `undefined` for somebody outside. Invitations concern nobody yet. */
  target?: { userId: string; role: Role | undefined } | undefined;
  act: ModerationAct;
}

const RANK = { listener: 0, speaker: 1, cohost: 2, host: 3 } as const satisfies Record<
  Role,
  number
>;

/** Of two roles the one that may do less. */
export function lowerRole(a: Role, b: Role): Role {
  return RANK[a] < RANK[b] ? a : b;
}

export function isModerator(role: Role | undefined): role is 'host' | 'cohost' {
  return role === 'host' || role === 'cohost';
}

/**
 * Why the actor may not do this, as a sentence for them; `undefined` when they may.
 *
 * The host may do everything to everybody else. A cohost moderates speakers, listeners and people
 * outside, and gives and takes the role of speaker; only the host makes and unmakes cohosts.
 */
export function refusalOf({ actor, target, act }: ModerationQuestion): string | undefined {
  if (!actor.mayModerate) {
    return actor.guest
      ? 'Guests can join rooms, but not moderate them. Use Swarm Studio with your own identity.'
      : 'This session lacks the scope "stream:moderate". Sign in again.';
  }
  if (!isModerator(actor.role)) return 'Only the host and cohosts of this room can do that.';
  if (target?.userId === actor.userId) {
    return 'You can’t do that to yourself. Ask another moderator, or leave the room.';
  }
  if (target?.role === 'host') return 'The host of a room can’t be moderated.';
  if (actor.role === 'host') return undefined;
  if (target?.role === 'cohost') return 'Only the host can do that to a cohost.';
  if ('role' in act && act.role === 'cohost') return 'Only the host can make somebody a cohost.';
  return undefined;
}

/** Why a change of role is none in the direction that was asked for; `undefined` when it is. */
export function wrongDirection(
  from: Role,
  { action, role }: { action: 'promote' | 'demote'; role: Role },
): string | undefined {
  if (action === 'promote' && RANK[role] < RANK[from]) {
    return `A ${from} can’t be promoted to ${role}: demote instead.`;
  }
  if (action === 'demote' && RANK[role] > RANK[from]) {
    return `A ${from} can’t be demoted to ${role}: promote instead.`;
  }
  return undefined;
}
