import type { ModerationEvent } from './moderation.ts';
import { entitledEvents } from './moderation-standing.ts';
import type { Role } from './rooms.ts';

/** What a room's moderation has decided about one member, as of a moment. */
export interface MemberModeration {
  /** Muted by a moderator; the event says by whom, why and until when. */
  audioMute?: ModerationEvent;
  videoMute?: ModerationEvent;
  ban?: ModerationEvent;
  /** The removal with the latest `at`: presences that began before it are over. */
  removal?: ModerationEvent;
  /** The last promotion or demotion. */
  role?: Exclude<Role, 'host'>;
}

/** By `userId`. Members about whom nothing was ever decided are absent. */
export type ModerationState = ReadonlyMap<string, MemberModeration>;

const RANK = { host: 1, cohost: 0 } as const;

/** What an event decides; of two events on the same matter the later one holds. */
type Matter = 'audio' | 'video' | 'ban' | 'removal' | 'role';

/**
 * The total order of events: lamport time, then the actor's role (`host` over `cohost`), then the
 * id, so that every peer comes to the same end whatever reached it first (protocol, "Trust among
 * peers").
 */
export function compareEvents(a: ModerationEvent, b: ModerationEvent): number {
  return (
    a.lamport - b.lamport ||
    RANK[a.actor.role] - RANK[b.actor.role] ||
    (a.eventId < b.eventId ? -1 : Number(a.eventId > b.eventId))
  );
}

/**
 * The highest lamport time that an event of this `at` (ISO 8601) may have: its milliseconds since
 * the epoch. Counting never gets there; without a limit one act could take the highest number there
 * is, and nobody could overrule it. A limit against what one has seen would not do: peers that have
 * seen different events would judge the same one differently.
 */
export function lamportLimit(at: string): number {
  return Date.parse(at);
}

/**
 * What a set of events comes to: for each member and matter, the last event in
 * {@link compareEvents}'s order decides, unless it has run out by `nowMs`. Removals add up, so that
 * of them the one with the latest `at` counts. What its author could not decide is left out, see
 * {@link entitledEvents}. The order in which the events are given, and repetitions, make no
 * difference. Signatures are checked before, and an `eventId` names one event.
 *
 * @param cohosts cohosts by the roster, whom other cohosts can't touch (`userId`s).
 */
export function reduceModeration(
  events: Iterable<ModerationEvent>,
  nowMs: number,
  cohosts: ReadonlySet<string> = new Set(),
): ModerationState {
  const last = new Map<string, Map<Matter, ModerationEvent>>();
  for (const event of entitledEvents([...events].sort(compareEvents), cohosts)) {
    const matters = last.get(event.targetUserId) ?? new Map<Matter, ModerationEvent>();
    last.set(event.targetUserId, matters);
    for (const matter of mattersOf(event)) {
      const known = matters.get(matter);
      const endsLess = matter === 'removal' && known && Date.parse(event.at) < Date.parse(known.at);
      if (!endsLess) matters.set(matter, event);
    }
  }
  return new Map([...last].map(([userId, matters]) => [userId, outcome(matters, nowMs)]));
}

function mattersOf(event: ModerationEvent): Matter[] {
  switch (event.action) {
    case 'mute':
    case 'unmute':
      if (event.scope === 'audio' || event.scope === 'video') return [event.scope];
      return ['audio', 'video'];
    case 'remove':
      return ['removal'];
    case 'ban':
    case 'unban':
      return ['ban'];
    case 'promote':
    case 'demote':
      return event.role ? ['role'] : [];
  }
}

function outcome(matters: ReadonlyMap<Matter, ModerationEvent>, nowMs: number): MemberModeration {
  const inForce = (matter: Matter, action: ModerationEvent['action']) => {
    const event = matters.get(matter);
    if (event?.action !== action) return undefined;
    return event.expiresAt !== undefined && Date.parse(event.expiresAt) <= nowMs
      ? undefined
      : event;
  };
  const audioMute = inForce('audio', 'mute');
  const videoMute = inForce('video', 'mute');
  const ban = inForce('ban', 'ban');
  const removal = matters.get('removal');
  const role = matters.get('role')?.role;
  return {
    ...(audioMute && { audioMute }),
    ...(videoMute && { videoMute }),
    ...(ban && { ban }),
    ...(removal && { removal }),
    ...(role && { role }),
  };
}
