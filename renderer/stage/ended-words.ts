import type { EndedReason, StreamingState } from '../rooms/streaming.ts';
import { aboutWords } from './moderation/moderation-words.ts';

type Ending = Pick<StreamingState, 'endedReason' | 'problem' | 'farewell'>;

const WORDS: Record<EndedReason, string> = {
  'ended-by-host': 'The host ended the room for everybody.',
  empty: 'Nobody was there any more, so the room was closed.',
  removed: 'You were taken out of the room',
  banned: 'You were banned from this room',
  'invite-revoked': 'The host took back the invitation that you came by.',
  'node-stopping': 'The host’s studio was stopped, and the room with it.',
  lost: 'The room is over.',
  replaced: 'This room is open in another tab or window of yours.',
};

/** Why a room is over, as a sentence: the node's own words where it gave some. */
export function endedWords({ endedReason, problem, farewell }: Ending): string {
  if (problem) return problem.message;
  const words = WORDS[endedReason ?? 'lost'];
  if (endedReason !== 'removed' && endedReason !== 'banned') return words;
  return `${words}${aboutWords(farewell ?? {}, Date.now())}`;
}

/** What the page of a room that is over leads on to. */
export type WayOn = 'feed' | 'here-instead' | 'door' | 'nowhere';

/** Refusals of the way back that concern the person, while the room goes on without them. */
const REFUSED: Readonly<Record<string, WayOn>> = {
  banned: 'nowhere',
  'invite-required': 'door',
  'invite-revoked': 'door',
  'invite-expired': 'door',
};

/** The way on after an end: to the door again only where asking there can help. */
export function wayOn({ endedReason, problem }: Ending): WayOn {
  switch (endedReason) {
    case 'replaced':
      return 'here-instead';
    case 'removed':
    case 'invite-revoked':
      return 'door';
    case 'banned':
      return 'nowhere';
    case 'lost':
      return REFUSED[problem?.code ?? ''] ?? 'feed';
    default:
      return 'feed';
  }
}
