import { MAX_MODERATION_EVENTS, type SignedModerationEvent } from '../../../protocol/moderation.ts';
import {
  compareEvents,
  type ModerationState,
  reduceModeration,
} from '../../../protocol/moderation-state.ts';
import { moderationText } from '../../../protocol/moderation-text.ts';
import { Emitter } from '../emitter.ts';
import { boundedMap } from './bounded-map.ts';
import type { EventVerdict } from './event-refusal.ts';

/** Signatures checked at a time: enough to keep WebCrypto's threads busy, and no more. */
const PARALLEL_CHECKS = 8;

export interface Refusal {
  event: SignedModerationEvent;
  verdict: Extract<EventVerdict, { ok: false }>;
}

/** What became of the events that were merged; repetitions are in none of the lists. */
export interface MergeOutcome {
  /** New to the log, and in it now. */
  accepted: SignedModerationEvent[];
  /** Not believed. */
  refused: Refusal[];
  /** Could not be checked, e.g. because the node's keys could not be fetched. */
  unchecked: { event: SignedModerationEvent; error: unknown }[];
}

export interface ModerationLogEvents {
  /** Events that were accepted; none where only who is a cohost has changed. */
  changed: { events: readonly SignedModerationEvent[] };
}

export interface ModerationLogOptions {
  /** Whether an event is authentic, see `verifyModeration`. Rejects where it can't be told. */
  verify(event: SignedModerationEvent): Promise<EventVerdict>;
  /** Most events kept; {@link MAX_MODERATION_EVENTS} unless told otherwise. */
  capacity?: number;
}

interface Reading {
  state: ModerationState;
  fromMs: number;
  /** Until the first of what holds runs out. */
  untilMs: number;
}

/**
 * The moderation of one room as this peer knows it: a set of verified events, and what they come
 * to. Two logs that were given the same events hold the same ones, whatever the order:
 *
 * - of two events with one id, the host's stays, else the one whose text sorts first;
 * - past the capacity, the host's events are kept first, then the latest in `compareEvents`'s order,
 *   so that a cohost can't crowd out the host.
 */
export class ModerationLog extends Emitter<ModerationLogEvents> {
  readonly #verify: ModerationLogOptions['verify'];
  readonly #capacity: number;
  readonly #events = new Map<string, SignedModerationEvent>();
  #cohosts: ReadonlySet<string> = new Set();
  #lamport = 0;
  #reading: Reading | undefined;
  /** One merge after the other: what the first brings, the next need not check again. */
  #merging: Promise<unknown> = Promise.resolve();

  constructor({ verify, capacity = MAX_MODERATION_EVENTS }: ModerationLogOptions) {
    super();
    this.#verify = verify;
    this.#capacity = capacity;
  }

  /** In the order that decides. */
  get events(): SignedModerationEvent[] {
    return [...this.#events.values()].sort(compareEvents);
  }

  has(eventId: string): boolean {
    return this.#events.has(eventId);
  }

  /**
   * The lamport time of an act of one's own. Each is given out once, so that of two quick acts the
   * second one holds, whichever is signed first.
   */
  next(): number {
    this.#lamport += 1;
    return this.#lamport;
  }

  /** Resolves once everything that was given so far is merged. */
  async settled(): Promise<void> {
    await this.#merging;
  }

  /** Takes in what is new and authentic. Never rejects because of what an event says. */
  merge(events: readonly SignedModerationEvent[]): Promise<MergeOutcome> {
    const merged = this.#merging.then(() => this.#mergeNow(events));
    // Who asked hears of a failure; the next one is not held up by it.
    this.#merging = merged.catch(() => undefined);
    return merged;
  }

  /** What holds at `nowMs` (the node's time, milliseconds since the epoch). */
  state(nowMs: number): ModerationState {
    return this.#read(nowMs).state;
  }

  /** When the first of what holds at `nowMs` runs out; `undefined` where nothing does. */
  nextExpiryMs(nowMs: number): number | undefined {
    const { untilMs } = this.#read(nowMs);
    return Number.isFinite(untilMs) ? untilMs : undefined;
  }

  /** Who is a cohost by the roster (`userId`s): no other cohost's act touches them. */
  setCohosts(userIds: Iterable<string>): void {
    const cohosts = new Set(userIds);
    const same =
      cohosts.size === this.#cohosts.size && [...cohosts].every((id) => this.#cohosts.has(id));
    if (same) return;
    this.#cohosts = cohosts;
    this.#reading = undefined;
    this.emit('changed', { events: [] });
  }

  async #mergeNow(events: readonly SignedModerationEvent[]): Promise<MergeOutcome> {
    const unseen = new Map<string, SignedModerationEvent>();
    for (const event of events) {
      if (!this.#isKnown(event)) unseen.set(`${event.eventId}${event.signature}`, event);
    }
    const outcome: MergeOutcome = { accepted: [], refused: [], unchecked: [] };
    const authentic: SignedModerationEvent[] = [];
    await boundedMap([...unseen.values()], PARALLEL_CHECKS, async (event) => {
      try {
        const verdict = await this.#verify(event);
        if (verdict.ok) authentic.push(event);
        else outcome.refused.push({ event, verdict });
      } catch (error) {
        outcome.unchecked.push({ event, error });
      }
    });
    outcome.accepted = this.#insert(authentic);
    if (outcome.accepted.length > 0) this.emit('changed', { events: outcome.accepted });
    return outcome;
  }

  #isKnown(event: SignedModerationEvent): boolean {
    return this.#events.get(event.eventId)?.signature === event.signature;
  }

  #insert(events: readonly SignedModerationEvent[]): SignedModerationEvent[] {
    const inserted: SignedModerationEvent[] = [];
    for (const event of events) {
      const known = this.#events.get(event.eventId);
      if (known && !takesPlaceOf(event, known)) continue;
      this.#events.set(event.eventId, event);
      this.#lamport = Math.max(this.#lamport, event.lamport);
      inserted.push(event);
    }
    if (inserted.length > 0) this.#reading = undefined;
    this.#dropSurplus();
    return inserted.filter((event) => this.#events.get(event.eventId) === event);
  }

  #dropSurplus(): void {
    if (this.#events.size <= this.#capacity) return;
    const ranked = [...this.#events.values()].sort(
      (a, b) => Number(isHosts(b)) - Number(isHosts(a)) || compareEvents(b, a),
    );
    for (const { eventId } of ranked.slice(this.#capacity)) this.#events.delete(eventId);
  }

  #read(nowMs: number): Reading {
    const last = this.#reading;
    if (last && nowMs >= last.fromMs && nowMs < last.untilMs) return last;
    const state = reduceModeration(this.#events.values(), nowMs, this.#cohosts);
    this.#reading = { state, fromMs: nowMs, untilMs: firstExpiryMs(state) };
    return this.#reading;
  }
}

function isHosts({ actor }: SignedModerationEvent): boolean {
  return actor.role === 'host';
}

/** Of two events with one id, whether the first one stays. The same text twice is one event. */
function takesPlaceOf(event: SignedModerationEvent, known: SignedModerationEvent): boolean {
  if (isHosts(event) !== isHosts(known)) return isHosts(event);
  return moderationText(event) < moderationText(known);
}

function firstExpiryMs(state: ModerationState): number {
  const ends = [...state.values()]
    .flatMap(({ audioMute, videoMute, ban }) => [audioMute, videoMute, ban])
    .map((event) => (event?.expiresAt ? Date.parse(event.expiresAt) : Number.POSITIVE_INFINITY));
  return Math.min(Number.POSITIVE_INFINITY, ...ends);
}
