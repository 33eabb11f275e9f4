import type { SignedModerationEvent } from '../../../protocol/moderation.ts';
import {
  MAX_EVENTS_PER_MESSAGE,
  MAX_PEER_MESSAGE_BYTES,
  type PeerMessage,
} from '../../../protocol/peer-messages.ts';

export type EventsMessage = Extract<PeerMessage, { type: 'moderation:events' }>;

const encoder = new TextEncoder();
const EMPTY_BYTES = bytesOf({ type: 'moderation:events', events: [] });

/**
 * Events as messages that a data channel carries: at most {@link MAX_EVENTS_PER_MESSAGE} each, and
 * {@link MAX_PEER_MESSAGE_BYTES}, which twenty events with the longest tickets would exceed.
 */
export function messageParts(events: readonly SignedModerationEvent[]): EventsMessage[] {
  const messages: EventsMessage[] = [];
  let part: SignedModerationEvent[] = [];
  let bytes = EMPTY_BYTES;
  for (const event of events) {
    const added = bytesOf(event) + 1;
    const full = part.length === MAX_EVENTS_PER_MESSAGE || bytes + added > MAX_PEER_MESSAGE_BYTES;
    if (full && part.length > 0) {
      messages.push({ type: 'moderation:events', events: part });
      part = [];
      bytes = EMPTY_BYTES;
    }
    part.push(event);
    bytes += added;
  }
  if (part.length > 0) messages.push({ type: 'moderation:events', events: part });
  return messages;
}

function bytesOf(value: object): number {
  return encoder.encode(JSON.stringify(value)).length;
}
