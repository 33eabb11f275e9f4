import type { ModerationEvent } from './moderation.ts';
import { ROOM_LIMITS } from './rooms.ts';

/**
 * How long after a cohost lost the role a ticket from before it may still be shown: its lifetime,
 * and 30 s of difference between two clocks, twice (the ticket's check and the host's clock).
 */
const OLD_TICKET_MS = ROOM_LIMITS.meshTicketLifetimeMs + 60_000;

/** What is known of a member at a place in the order. */
interface Standing {
  cohost: boolean;
  /** Acts dated before this were made with a ticket that may be older than the host's decision. */
  powerlessUntilMs: number;
}

/**
 * Leaves out what its author could not decide, judged at its place in the order and from the
 * events alone, so that everybody who has the same events leaves out the same:
 *
 * - a cohost's act on somebody who was a cohost then;
 * - the act of a cohost whom the host had demoted, removed or banned, until the host makes them a
 *   cohost again or the tickets they had have run out. Tickets can't be called back, and without
 *   this a banned cohost could lift the ban among the peers.
 *
 * @param ordered in `compareEvents`'s order.
 * @param cohosts who is a cohost by the roster. It counts where no event says how they became one.
 */
export function entitledEvents(
  ordered: readonly ModerationEvent[],
  cohosts: ReadonlySet<string>,
): ModerationEvent[] {
  const promoted = new Set(ordered.filter(makesCohost).map((event) => event.targetUserId));
  const standings = new Map<string, Standing>();
  const of = (userId: string): Standing =>
    standings.get(userId) ?? {
      cohost: cohosts.has(userId) && !promoted.has(userId),
      powerlessUntilMs: Number.NEGATIVE_INFINITY,
    };
  return ordered.filter((event) => {
    if (event.actor.role === 'host') {
      const next = standingAfter(event, of(event.targetUserId));
      standings.set(event.targetUserId, next);
      return true;
    }
    if (Date.parse(event.at) < of(event.actor.userId).powerlessUntilMs) return false;
    return !of(event.targetUserId).cohost;
  });
}

function standingAfter(event: ModerationEvent, before: Standing): Standing {
  if (makesCohost(event)) return { cohost: true, powerlessUntilMs: Number.NEGATIVE_INFINITY };
  switch (event.action) {
    case 'promote':
    case 'demote':
    case 'remove':
    case 'ban':
      return { cohost: false, powerlessUntilMs: Date.parse(event.at) + OLD_TICKET_MS };
    default:
      return before;
  }
}

function makesCohost({ action, role, actor }: ModerationEvent): boolean {
  return (
    actor.role === 'host' && role === 'cohost' && (action === 'promote' || action === 'demote')
  );
}
