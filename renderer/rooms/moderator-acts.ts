import type { ModerationEvent, MuteScope } from '../../protocol/moderation.ts';
import type { MuteState, Participant, Role } from '../../protocol/rooms.ts';

/** What a moderator can do to somebody, as the window asks for it. */
export type ModerationAct = { peerId: string } & (
  | {
      action: 'mute';
      scope: MuteScope;
      /** Ends by itself after so many milliseconds; without it when a moderator lifts it. */
      durationMs?: number;
      reason?: string;
    }
  | { action: 'unmute'; scope: MuteScope }
  | { action: 'remove'; reason?: string }
  | {
      action: 'ban';
      /** Seconds, whole and positive; without it as long as the room. */
      durationS?: number;
      reason?: string;
    }
  | { action: 'unban' }
  | { action: 'promote' | 'demote'; role: Exclude<Role, 'host'> }
);

/** An act that is shown and not answered yet. */
export interface PendingAct {
  /** Tells this act from others of the same kind on the same person. */
  id: symbol;
  act: ModerationAct;
  /** Whom it concerns wherever they come back as. */
  userId: string;
  /** The act as the peers follow it, where the node could not be reached yet. */
  delayed?: ModerationEvent;
}

/** Acts that wait for a node that can't be reached. It hears of them in their order. */
export function waitingActs({ acts }: { acts: readonly PendingAct[] }): readonly PendingAct[] {
  const first = acts.findIndex(({ delayed }) => delayed);
  return first === -1 ? [] : acts.slice(first);
}

/** What an act says, before its author orders, dates and signs it. */
export type UnsignedAct = Pick<
  ModerationEvent,
  'roomId' | 'action' | 'targetPeerId' | 'targetUserId' | 'scope' | 'role' | 'reason' | 'expiresAt'
>;

/** @param nowMs what a duration is counted from. */
export function unsignedAct(
  act: ModerationAct,
  { roomId, userId, nowMs }: { roomId: string; userId: string; nowMs: number },
): UnsignedAct {
  const expiresAt = expiryOf(act, nowMs);
  return {
    roomId,
    action: act.action,
    targetPeerId: act.peerId,
    targetUserId: userId,
    ...('scope' in act && { scope: act.scope }),
    ...('role' in act && { role: act.role }),
    ...('reason' in act && act.reason !== undefined && { reason: act.reason }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/** When an act ends by itself (ISO 8601), if it does. */
export function expiryOf(act: ModerationAct, nowMs: number): string | undefined {
  if (act.action === 'mute' && act.durationMs !== undefined) {
    return new Date(nowMs + act.durationMs).toISOString();
  }
  if (act.action === 'ban' && act.durationS !== undefined) {
    return new Date(nowMs + act.durationS * 1000).toISOString();
  }
  return undefined;
}

/** People by `peerId`. */
export type Seats = Readonly<Record<string, Participant>>;

export function seatsOf(participants: readonly Participant[]): Seats {
  return Object.fromEntries(participants.map((p) => [p.peerId, p]));
}

/** Their names by `userId`. */
export function namesOf(participants: readonly Participant[]): Readonly<Record<string, string>> {
  return Object.fromEntries(participants.map((p) => [p.userId, p.displayName]));
}

/** The roster as it will be once the node has agreed to these acts. */
export function shownRoster(roster: Seats, acts: readonly PendingAct[]): Seats {
  return acts.reduce((seats, { act }) => withAct(seats, act), roster);
}

/** What an act makes of a roster; nothing where its target is not in it. */
export function withAct(seats: Seats, act: ModerationAct): Seats {
  const target = seats[act.peerId];
  if (!target) return seats;
  switch (act.action) {
    case 'mute': {
      const muted = inScope(act.scope, target.muted, true);
      const mutedByModerator = inScope(act.scope, target.mutedByModerator, true);
      return { ...seats, [act.peerId]: { ...target, muted, mutedByModerator } };
    }
    case 'unmute': {
      // `muted` stays until the node tells what the person had chosen themselves.
      const mutedByModerator = inScope(act.scope, target.mutedByModerator, false);
      return { ...seats, [act.peerId]: { ...target, mutedByModerator } };
    }
    case 'remove':
    case 'ban': {
      const { [act.peerId]: _out, ...rest } = seats;
      return rest;
    }
    case 'promote':
    case 'demote':
      return { ...seats, [act.peerId]: { ...target, role: act.role } };
    case 'unban':
      return seats;
  }
}

/** `state` with what the scope covers set to `value`. */
export function inScope(scope: MuteScope, state: MuteState, value: boolean): MuteState {
  return {
    audio: scope === 'video' ? state.audio : value,
    video: scope === 'audio' ? state.video : value,
  };
}
