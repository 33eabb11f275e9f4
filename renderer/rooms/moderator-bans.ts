import { reduceModeration } from '../../protocol/moderation-state.ts';
import type { StreamingState } from './streaming.ts';

/** Somebody who may not come back for now. */
export interface BannedMember {
  userId: string;
  /** The peer they were: what an act that lifts the ban names. */
  peerId: string;
  /** As they were last called here; absent where this page never saw them. */
  name?: string;
  reason?: string;
  /** ISO 8601; absent when it lasts as long as the room. */
  until?: string;
}

/** Who is banned at `nowMs`, as far as this page has heard, without those about to be let back. */
export function bannedMembers(
  state: Pick<StreamingState, 'moderation' | 'acts' | 'names' | 'invites'>,
  nowMs: number,
): BannedMember[] {
  const lifted = new Set(
    state.acts.flatMap(({ act, userId }) => (act.action === 'unban' ? [userId] : [])),
  );
  // A ban that waits for the node is kept by everybody who is here.
  const waiting = state.acts.flatMap(({ delayed }) => delayed ?? []);
  return [...reduceModeration([...state.moderation, ...waiting], nowMs)].flatMap(
    ([userId, { ban }]) => {
      if (!ban || lifted.has(userId)) return [];
      const name = state.names[userId] ?? guestOf(state.invites, userId);
      return {
        userId,
        peerId: ban.targetPeerId,
        ...(name !== undefined && { name }),
        ...(ban.reason && { reason: ban.reason }),
        ...(ban.expiresAt !== undefined && { until: ban.expiresAt }),
      };
    },
  );
}

function guestOf(invites: StreamingState['invites'], userId: string): string | undefined {
  return invites.flatMap(({ usedBy }) => usedBy).find((guest) => guest.userId === userId)
    ?.displayName;
}
