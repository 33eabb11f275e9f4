import type { EndedReason, StreamingState } from '../rooms/streaming.ts';

const WORDS: Record<EndedReason, string> = {
  'ended-by-host': 'The host ended the room for everybody.',
  empty: 'Nobody was there any more, so the room was closed.',
  removed: 'You were taken out of the room. Ask the host if you think that was a mistake.',
  banned: 'You were banned from this room.',
  'invite-revoked': 'The host took your invitation back.',
  'node-stopping': 'The host’s studio was stopped, and the room with it.',
  lost: 'The room is over.',
  replaced: 'This room is open in another tab or window of yours.',
};

/** Why a room is over, as a sentence: the node's own words where it gave some. */
export function endedWords({
  endedReason,
  problem,
}: Pick<StreamingState, 'endedReason' | 'problem'>): string {
  if (problem) return problem.message;
  return WORDS[endedReason ?? 'lost'];
}
