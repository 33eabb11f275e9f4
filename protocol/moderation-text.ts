import canonicalize from 'canonicalize';
import { ModerationEvent, type SignedModerationEvent } from './moderation.ts';

/**
 * What the author of a moderation event signs (UTF-8): the event without `ticket`, `kid` and
 * `signature`, as canonical JSON (RFC 8785) behind a prefix that no other signature begins with.
 */
export function moderationText(event: ModerationEvent | SignedModerationEvent): string {
  return `swarm-moderation:v1\n${canonicalize(ModerationEvent.parse(event))}`;
}
