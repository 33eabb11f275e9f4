import type { ModerationEvent } from '../../../protocol/moderation.ts';
import type { ModerationState } from '../../../protocol/moderation-state.ts';
import type { MuteState, Participant } from '../../../protocol/rooms.ts';

/** What of a participant decides whether their presence is over. */
export type Presence = Pick<Participant, 'peerId' | 'userId' | 'joinedAt'>;

export interface Ending {
  reason: 'banned' | 'removed';
  /** By whom, why and, for a ban, until when. */
  event: ModerationEvent;
}

/** What this page has to do about a room's moderation, whatever the node or the peers do. */
export interface Enforcement {
  /** By `peerId`, others who are muted: what they send of it is neither played nor shown. */
  silenced: ReadonlyMap<string, MuteState>;
  /** By `peerId`, others whose presence is over: no connection, no offers taken. */
  ended: ReadonlyMap<string, Ending>;
  /** Members (`userId`) who can't come in at all, present or not. */
  bannedUserIds: ReadonlySet<string>;
  self: {
    /** Tracks to be disabled, whatever one has chosen oneself. */
    muted: MuteState;
    /** We are out: leave. */
    ending?: Ending;
  };
}

/**
 * What a room's moderation means for this page. Pure: the same state and roster always mean the
 * same. For `self` too only what the moderation says counts, not one's own switches.
 *
 * @param roster who is there as far as this page knows, with or without oneself.
 */
export function enforcement(
  state: ModerationState,
  roster: readonly Presence[],
  self: Presence,
): Enforcement {
  const silenced = new Map<string, MuteState>();
  const ended = new Map<string, Ending>();
  for (const presence of roster) {
    if (presence.peerId === self.peerId) continue;
    const ending = endingOf(state, presence);
    if (ending) ended.set(presence.peerId, ending);
    const muted = mutesOf(state, presence.userId);
    if (muted.audio || muted.video) silenced.set(presence.peerId, muted);
  }
  const banned = [...state].filter(([, { ban }]) => ban).map(([userId]) => userId);
  const ending = endingOf(state, self);
  return {
    silenced,
    ended,
    bannedUserIds: new Set(banned),
    self: { muted: mutesOf(state, self.userId), ...(ending && { ending }) },
  };
}

/**
 * Why a presence is over; `undefined` while it is not. A ban ends all of a member's, a removal those
 * that had begun by then: who is let in again afterwards is not turned away.
 */
export function endingOf(
  state: ModerationState,
  { userId, joinedAt }: Omit<Presence, 'peerId'>,
): Ending | undefined {
  const { ban, removal } = state.get(userId) ?? {};
  if (ban) return { reason: 'banned', event: ban };
  const removed = removal && Date.parse(joinedAt) <= Date.parse(removal.at);
  return removed ? { reason: 'removed', event: removal } : undefined;
}

function mutesOf(state: ModerationState, userId: string): MuteState {
  const { audioMute, videoMute } = state.get(userId) ?? {};
  return { audio: audioMute !== undefined, video: videoMute !== undefined };
}
