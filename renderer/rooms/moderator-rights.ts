import type { Participant, Role } from '../../protocol/rooms.ts';
import type { StreamingState } from './streaming.ts';

/** What somebody may do to another participant. */
export interface Rights {
  /** Mute, unmute, remove and ban. */
  moderate: boolean;
  /** Roles they may give, the present one excepted. */
  roles: readonly Exclude<Role, 'host'>[];
}

const NONE: Rights = { moderate: false, roles: [] };

/** Whether this is somebody who moderates: guests can't, whatever their role. */
export function moderates(person: Pick<Participant, 'role' | 'guest'> | undefined): boolean {
  return (person?.role === 'host' || person?.role === 'cohost') && !person.guest;
}

/** Whether the person in front of the screen moderates the room they are in. */
export function selfModerates({ phase, self, participants }: StreamingState): boolean {
  return phase === 'inside' && moderates(self && participants[self.peerId]);
}

/** As the node sees it too: cohosts neither touch hosts and cohosts nor make them. */
export function rightsOver(actor: Participant | undefined, target: Participant): Rights {
  if (!actor || !moderates(actor)) return NONE;
  if (actor.peerId === target.peerId || target.role === 'host') return NONE;
  if (actor.role === 'cohost' && target.role === 'cohost') return NONE;
  return {
    moderate: true,
    roles: rolesGivenBy(actor.role).filter((role) => role !== target.role),
  };
}

/** Roles that a moderator's invitations and promotions may carry, highest first. */
export function rolesGivenBy(role: Role): readonly Exclude<Role, 'host'>[] {
  if (role === 'host') return ['cohost', 'speaker', 'listener'];
  return role === 'cohost' ? ['speaker', 'listener'] : [];
}

const RANK: Record<Role, number> = { host: 3, cohost: 2, speaker: 1, listener: 0 };

/** What giving `to` to somebody who is `from` is called. */
export function roleChange(from: Role, to: Role): 'promote' | 'demote' {
  return RANK[to] > RANK[from] ? 'promote' : 'demote';
}
