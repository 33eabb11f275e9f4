import type { ServerMessage } from '../../protocol/messages.ts';
import type { ModerationEvent } from '../../protocol/moderation.ts';
import type { Invite, Knock, MuteState, Participant } from '../../protocol/rooms.ts';
import { hold, release } from './held-self.ts';
import { inScope, type PendingAct, shownRoster, withAct } from './moderator-acts.ts';
import type { ModeratedSelf, StreamingState } from './streaming.ts';

/** A moderator's own act: shown at once. */
export function actTried(state: StreamingState, pending: PendingAct): StreamingState {
  return withActs(state, [...state.acts, pending]);
}

/** The peers have it, and the node can't be reached: it stays, and is told later. */
export function actDelayed(
  state: StreamingState,
  id: symbol,
  event: ModerationEvent,
): StreamingState {
  const acts = state.acts.map((pending) =>
    pending.id === id ? { ...pending, delayed: event } : pending,
  );
  return { ...state, acts };
}

/** The node refused it, or what it decided has run out: everything is as it was. */
export function actRefused(state: StreamingState, id: symbol): StreamingState {
  return withActs(
    state,
    state.acts.filter((pending) => pending.id !== id),
  );
}

/** The node did it. `told` is what it says of the person since, where it says anything. */
export function actAgreed(
  state: StreamingState,
  id: symbol,
  told: { participant?: Participant | undefined; event?: ModerationEvent | undefined },
): StreamingState {
  const pending = state.acts.find((known) => known.id === id);
  if (!pending) return state;
  const { [pending.act.peerId]: _former, ...others } = state.roster;
  const roster =
    told.participant && pending.act.peerId in state.roster && pending.act.action !== 'remove'
      ? { ...others, [pending.act.peerId]: told.participant }
      : withAct(state.roster, pending.act);
  const agreed = actRefused({ ...state, roster }, id);
  return told.event ? moderationHeard(agreed, [told.event]) : agreed;
}

function withActs(state: StreamingState, acts: readonly PendingAct[]): StreamingState {
  return { ...state, acts, participants: shownRoster(state.roster, acts) };
}

/** Events of the room's log, new or heard before. */
export function moderationHeard(
  state: StreamingState,
  events: readonly ModerationEvent[],
): StreamingState {
  const log = new Map(state.moderation.map((event) => [event.eventId, event]));
  for (const event of events) log.set(event.eventId, event);
  return log.size === state.moderation.length ? state : { ...state, moderation: [...log.values()] };
}

type Applied = Extract<ServerMessage, { type: 'moderation:applied' }>;

/** Something was done to somebody; where that is oneself, it holds before the roster says so. */
export function moderationApplied(state: StreamingState, message: Applied): StreamingState {
  const heard = moderationHeard(state, [message.event]);
  const { self } = heard;
  if (!self || message.targetPeerId !== self.peerId) return heard;
  const { action, scope = 'both', reason, expiresAt } = message;
  const about: ModeratedSelf = {
    ...(reason && { reason }),
    ...(expiresAt !== undefined && { until: expiresAt }),
  };
  if (action === 'remove' || action === 'ban') return { ...heard, farewell: about };
  if (action !== 'mute') return heard;
  const own = heard.roster[self.peerId];
  const muted = inScope(scope, self.muted, true);
  const held = hold(self, {
    ...self.held,
    ...(scope !== 'video' && { audio: about }),
    ...(scope !== 'audio' && { video: about }),
  });
  const roster = own
    ? {
        ...heard.roster,
        [own.peerId]: {
          ...own,
          muted,
          mutedByModerator: inScope(scope, own.mutedByModerator, true),
        },
      }
    : heard.roster;
  return withActs({ ...heard, roster, self: { ...self, muted, ...held } }, heard.acts);
}

/** What a moderator kept off of one's own may be on again, before the node's roster says so. */
export function moderationLifted(
  state: StreamingState,
  kinds: readonly (keyof MuteState)[],
): StreamingState {
  if (!state.self?.held) return state;
  const self = release(state.self, kinds);
  const own = state.roster[self.peerId];
  if (!own) return { ...state, self };
  const mutedByModerator = {
    audio: self.held?.audio !== undefined,
    video: self.held?.video !== undefined,
  };
  const roster = { ...state.roster, [own.peerId]: { ...own, muted: self.muted, mutedByModerator } };
  return withActs({ ...state, self, roster }, state.acts);
}

export function invitesTold(state: StreamingState, invites: readonly Invite[]): StreamingState {
  return state.phase === 'inside' ? { ...state, invites } : state;
}

/** An invitation is taken back, shown before the node has answered. */
export function inviteRevoked(state: StreamingState, inviteId: string): StreamingState {
  const invites = state.invites.map(
    (invite): Invite => (invite.inviteId === inviteId ? { ...invite, state: 'revoked' } : invite),
  );
  return { ...state, invites };
}

export function knocksTold(state: StreamingState, knocks: readonly Knock[]): StreamingState {
  return state.phase === 'inside' ? { ...state, knocks } : state;
}

/** A knock was answered by us; the others' lists follow from the node. */
export function knockAnswered(state: StreamingState, peerId: string): StreamingState {
  return { ...state, knocks: state.knocks.filter((knock) => knock.peerId !== peerId) };
}

/** Knocked: somebody has to decide. */
export function waiting(state: StreamingState, roomId: string): StreamingState {
  return { ...state, phase: 'waiting', waiting: { roomId } };
}
