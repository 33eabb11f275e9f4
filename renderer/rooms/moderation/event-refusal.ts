/** Why an act of moderation is not believed. */
export type EventRefusalCode =
  | 'event-malformed'
  | 'event-unsigned'
  | 'event-other-room'
  | 'event-future'
  | 'event-lamport'
  | 'target-host'
  | 'target-self'
  | 'host-only'
  | 'actor-not-host'
  | 'ticket-invalid'
  | 'ticket-expired'
  | 'ticket-not-yet'
  | 'ticket-other-room'
  | 'ticket-other-member'
  | 'ticket-other-role'
  | 'ticket-without-rights'
  | 'key-unknown'
  | 'signature-invalid';

/** What an event comes to: believed, or not and why. */
export type EventVerdict =
  | { ok: true }
  | {
      ok: false;
      code: EventRefusalCode /** For logs and the diagnostics panel. */;
      sentence: string;
    };

const SENTENCES: Record<EventRefusalCode, string> = {
  'event-malformed': 'it lacks what such an act has to say.',
  'event-unsigned': 'it names neither a ticket nor a key of the node, so nobody vouches for it.',
  'event-other-room': 'it is about another room.',
  'event-future': 'it is dated in the future. Check the clocks of both computers.',
  'event-lamport': 'its lamport time runs ahead of its date.',
  'target-host': 'the host of a room can’t be moderated.',
  'target-self': 'nobody moderates themselves.',
  'host-only': 'only the host makes somebody a cohost.',
  'actor-not-host': 'its author says they are the host of this room, and are not.',
  'ticket-invalid': 'its author’s ticket was not signed by this room’s node.',
  'ticket-expired': 'its author’s ticket had expired when they acted.',
  'ticket-not-yet': 'it is dated before its author had the ticket.',
  'ticket-other-room': 'its author’s ticket is for another room.',
  'ticket-other-member': 'its author’s ticket belongs to another member.',
  'ticket-other-role': 'its author had another role than it says.',
  'ticket-without-rights': 'its author was neither host nor cohost of this room.',
  'key-unknown': 'it is signed with a key that this room’s node does not have.',
  'signature-invalid': 'its signature does not fit: it was changed on the way, or made up.',
};

export function refused(code: EventRefusalCode): EventVerdict {
  return { ok: false, code, sentence: `An act of moderation was ignored: ${SENTENCES[code]}` };
}
