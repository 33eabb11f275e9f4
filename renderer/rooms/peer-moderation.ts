import type { SignedModerationEvent } from '../../protocol/moderation.ts';
import type { ModerationState } from '../../protocol/moderation-state.ts';
import type { MuteState, Participant, Room } from '../../protocol/rooms.ts';
import type { Signer } from '../api/client.ts';
import { createModerationEvent } from './moderation/create-moderation-event.ts';
import { verifyModeration } from './moderation/event-verification.ts';
import { type Enforcement, enforcement } from './moderation/moderation-enforcement.ts';
import { ModerationGossip } from './moderation/moderation-gossip.ts';
import { ModerationLog } from './moderation/moderation-log.ts';
import type { UnsignedAct } from './moderator-acts.ts';
import type { NodeKeys } from './node-keys.ts';
import type { Topology } from './topology.ts';

/** What the timer of a browser holds (HTML, "timers"): later ends are looked at again then. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type Kind = keyof MuteState;

const KINDS: readonly Kind[] = ['audio', 'video'];

/** An act of one's own, signed. */
export interface SignedAct {
  event: SignedModerationEvent;
  /**
   * It holds here and among the peers; `false` where they would not believe it, e.g. because one's
   * ticket has run out while the node was away.
   */
  believed: boolean;
}

export interface PeerModerationOptions {
  room: Pick<Room, 'roomId' | 'host'>;
  self: Pick<Participant, 'peerId' | 'userId' | 'joinedAt'>;
  topology: Pick<Topology, 'on' | 'send' | 'broadcast' | 'setSilenced' | 'block'>;
  nodeKeys: Pick<NodeKeys, 'resolve'>;
  signer: Pick<Signer, 'signModeration'>;
  /** Our current mesh ticket. */
  ticket: () => string;
  /** The node's time, milliseconds since the epoch. */
  now: () => number;
  /** Events that hold now and concern this page's own person, newly learned. */
  concerned: (events: readonly SignedModerationEvent[]) => void;
  /** What a moderator kept off of this page's own person may be on again. */
  lifted: (kinds: readonly Kind[]) => void;
  /** Who is banned, by `userId`, and since when (ms since the epoch). */
  bansChanged: (bans: ReadonlyMap<string, number>) => void;
  /** The room's moderation has put us out, whether the node can say so or not. */
  ended: (reason: 'banned' | 'removed') => void;
}

/**
 * The moderation of the room one is in, enforced by this page itself: acts come from the node and
 * from peers, are checked, passed on and obeyed, also while the node can't be reached.
 */
export class PeerModeration {
  readonly #options: PeerModerationOptions;
  readonly #log: ModerationLog;
  readonly #gossip: ModerationGossip;
  readonly #stops: (() => void)[];
  #roster: readonly Participant[] = [];
  #silenced: ReadonlyMap<string, MuteState> = new Map();
  /** What moderators keep off of our own. */
  #held: MuteState = { audio: false, video: false };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(options: PeerModerationOptions) {
    this.#options = options;
    const { room, topology, nodeKeys, now } = options;
    this.#log = new ModerationLog({
      verify: (event) =>
        verifyModeration(event, {
          roomId: room.roomId,
          hostUserId: room.host.userId,
          nodeKeys: nodeKeys.resolve,
          nowMs: now(),
        }),
    });
    this.#gossip = new ModerationGossip({
      log: this.#log,
      send: (peerId, message) => void topology.send(peerId, message),
      broadcast: (message) => topology.broadcast(message),
    });
    this.#stops = [
      this.#log.on('changed', ({ events }) => this.#obey(events)),
      this.#gossip.on('refused', ({ peerId, verdict }) =>
        console.warn(`${verdict.sentence} It came from ${peerId}.`),
      ),
      this.#gossip.on('unchecked', ({ error }) =>
        console.warn('An act of moderation could not be checked yet.', error),
      ),
      topology.on('open', ({ peerId }) => this.#gossip.opened(peerId)),
      topology.on('unlinked', ({ peerId }) => this.#gossip.closed(peerId)),
      topology.on('message', ({ peerId, message }) => {
        if (message.type === 'moderation:events') void this.#gossip.receive(peerId, message);
      }),
    ];
  }

  /** What the node tells. */
  async learn(events: readonly SignedModerationEvent[]): Promise<void> {
    const { refused, unchecked } = await this.#log.merge(events);
    for (const { verdict } of refused) console.warn(`${verdict.sentence} The node told it.`);
    for (const { error } of unchecked) {
      console.warn('An act of moderation could not be checked yet.', error);
    }
  }

  /** Who is in the room now, oneself included. */
  rosterChanged(roster: readonly Participant[]): void {
    this.#roster = roster;
    const cohosts = roster.filter(({ role }) => role === 'cohost').map(({ userId }) => userId);
    this.#log.setCohosts(cohosts);
    this.#obey([]);
  }

  /** Orders, dates and signs an act of one's own, and tells the peers. */
  async act(act: UnsignedAct, role: 'host' | 'cohost'): Promise<SignedAct> {
    const { signer, self, ticket, now } = this.#options;
    const event = await createModerationEvent(act, {
      signer,
      actor: { userId: self.userId, role },
      ticket,
      log: this.#log,
      settled: () => this.#gossip.settled(),
      now,
      target: this.#roster.find(({ peerId }) => peerId === act.targetPeerId),
    });
    await this.#log.merge([event]);
    return { event, believed: this.#log.has(event.eventId) };
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    this.#gossip.stop();
    this.#isOver = true;
  }

  #obey(events: readonly SignedModerationEvent[]): void {
    if (this.#isOver) return;
    const { self, topology, concerned, bansChanged, ended, now } = this.#options;
    const nowMs = now();
    const state = this.#log.state(nowMs);
    const due = enforcement(state, this.#roster, self);
    this.#silence(due);
    topology.block(this.#outsiders(due));
    bansChanged(bannedSince(state));
    const { audioMute, videoMute, ban, removal } = state.get(self.userId) ?? {};
    const inForce = new Set([audioMute, videoMute, ban, removal].map((event) => event?.eventId));
    const own = events.filter(({ eventId }) => inForce.has(eventId));
    if (own.length > 0) concerned(own);
    void this.#release();
    this.#wakeAt(this.#log.nextExpiryMs(nowMs), nowMs);
    if (due.self.ending) ended(due.self.ending.reason);
  }

  /** A lift counts once all that is known is merged: a newer mute may be among it. */
  async #release(): Promise<void> {
    await this.#log.settled();
    if (this.#isOver) return;
    const { self, now, lifted } = this.#options;
    const { muted } = enforcement(this.#log.state(now()), [], self).self;
    const kinds = KINDS.filter((kind) => this.#held[kind] && !muted[kind]);
    this.#held = muted;
    if (kinds.length > 0) lifted(kinds);
  }

  #silence({ silenced }: Enforcement): void {
    const { topology } = this.#options;
    for (const peerId of this.#silenced.keys()) {
      if (!silenced.has(peerId)) topology.setSilenced(peerId, { audio: false, video: false });
    }
    for (const [peerId, muted] of silenced) topology.setSilenced(peerId, muted);
    this.#silenced = silenced;
  }

  #outsiders({ ended, bannedUserIds }: Enforcement): ReadonlySet<string> {
    const gone = this.#roster.filter(({ peerId }) => ended.has(peerId));
    return new Set([...bannedUserIds, ...gone.map(({ userId }) => userId)]);
  }

  #wakeAt(expiryMs: number | undefined, nowMs: number): void {
    clearTimeout(this.#timer);
    if (expiryMs === undefined) return;
    const waitMs = Math.min(Math.max(0, expiryMs - nowMs), LONGEST_TIMER_MS);
    this.#timer = setTimeout(() => this.#obey([]), waitMs);
  }
}

function bannedSince(state: ModerationState): ReadonlyMap<string, number> {
  return new Map(
    [...state].flatMap(([userId, { ban }]) => (ban ? [[userId, Date.parse(ban.at)] as const] : [])),
  );
}
