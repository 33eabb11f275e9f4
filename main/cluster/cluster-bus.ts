import { EventEmitter } from 'node:events';
import { nanoid } from 'nanoid';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { KEYS } from './cluster-keys.ts';
import { ClusterMac } from './cluster-mac.ts';
import { ClusterMail } from './cluster-mail.ts';
import type { ClusterMessage } from './cluster-messages.ts';
import { BEAT, STRIKE_OUT } from './cluster-scripts.ts';
import { MailCipher } from './mail-cipher.ts';
import type { OperatorSecret } from './operator-secret.ts';
import {
  firstConnected,
  inTime,
  parsedJson,
  type RedisClient,
  redisClient,
} from './redis-client.ts';

/** A node that says nothing for so long is gone, and its rooms are others'. */
const LEASE_MS = 3_000;
const BEAT_MS = 500;
/** A lease counts as one's own a little shorter than Redis keeps it. */
const MARGIN_MS = 500;
/** What nobody reads any more is forgotten. */
const INBOX_KEPT_MS = 60_000;
/** Sessions and tickets are dated by each node's clock. */
const CLOCK_OFF_MS = 2_000;

const About = z.object({
  name: z.string().max(256),
  hasCommunity: z.boolean(),
  /** It relays rooms, and lends its relay to those of other nodes. */
  relays: z.boolean().default(false),
});
type About = z.infer<typeof About>;

const Beat = z.tuple([
  z.int(),
  z.coerce.number(),
  z.coerce.number(),
  z.array(z.tuple([z.string().max(64), z.string(), z.int()])),
]);

export interface ClusterNode extends About {
  nodeId: string;
}

export interface ClusterBusOptions {
  /** `redis://` or `rediss://`, with user and password where it wants them. */
  url: string;
  about: Omit<About, 'relays'>;
  operatorSecret: OperatorSecret;
  clock: Clock;
  logger: Logger;
  /** How far this node's clock may be from Redis' own, in ms. */
  clockOffMs?: number;
}

export interface ClusterBusEvents {
  message: [from: string, message: ClusterMessage];
  joined: [nodeId: string];
  /** A node stopped, or nothing was heard of it. */
  left: [nodeId: string];
  /** A node is gone that has rooms yet. */
  orphaned: [nodeId: string];
  /** The lease holds again after it did not: others may have thought this node gone. */
  resumed: [];
  /** A connection to Redis was made anew: messages may be missing. */
  reconnected: [];
}

/**
 * This node among others that share a Redis: its lease there, who else is alive, and messages
 * between them. All of it is soft: whatever is lost is told anew when nodes find each other again.
 */
export class ClusterBus extends EventEmitter<ClusterBusEvents> {
  readonly nodeId = `node_${nanoid(12)}`;
  readonly redis: RedisClient;
  /** Tells what nodes wrote from what somebody else did. */
  readonly mac: ClusterMac;
  readonly #reader: RedisClient;
  readonly #options: ClusterBusOptions;
  readonly #mail: ClusterMail;
  #about: About;
  #others = new Map<string, ClusterNode>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Until when the lease is ours for sure, by the monotonic clock. */
  #sureUntil = Number.NEGATIVE_INFINITY;
  #wasSure = false;
  /**
   * From when a lease that has run out says that its node is gone: after a time without Redis the
   * others have to get to renewing theirs first.
   */
  #judgesFrom = Number.NEGATIVE_INFINITY;
  #isClockOff = false;
  #isClosed = false;

  private constructor(options: ClusterBusOptions) {
    super();
    this.setMaxListeners(32);
    this.#options = options;
    this.mac = new ClusterMac(options.operatorSecret);
    this.#about = { ...options.about, relays: false };
    const { url, logger, operatorSecret } = options;
    this.redis = redisClient(url, logger);
    this.#reader = redisClient(url, logger);
    this.#mail = new ClusterMail({
      ...{ nodeId: this.nodeId, redis: this.redis, reader: this.#reader, logger },
      cipher: new MailCipher(operatorSecret),
      hear: (from, message) => this.emit('message', from, message),
    });
  }

  /** Rejects where Redis can't be reached or does not let this node in. */
  static async open(options: ClusterBusOptions): Promise<ClusterBus> {
    const bus = new ClusterBus(options);
    try {
      await Promise.all([bus.redis, bus.#reader].map((client) => firstConnected(client)));
      await bus.#beat();
    } catch (error) {
      await bus.close();
      throw error;
    }
    bus.redis.on('ready', () => bus.emit('reconnected'));
    bus.#mail.start();
    bus.#beatLater();
    return bus;
  }

  /** Whether this node owns what it owns for sure: it may decide, and others hear of it. */
  get isSure(): boolean {
    return !this.#isClockOff && performance.now() < this.#sureUntil;
  }

  /** This node's clock is too far from Redis'. */
  get isClockOff(): boolean {
    return this.#isClockOff;
  }

  /** The others that are alive, as far as is known. */
  get others(): ReadonlyMap<string, ClusterNode> {
    return this.#others;
  }

  send(nodeId: string, message: ClusterMessage): void {
    this.#mail.send(nodeId, message);
  }

  toAll(message: ClusterMessage): void {
    for (const nodeId of this.#others.keys()) this.send(nodeId, message);
  }

  /** Runs a script of `cluster-scripts.ts`; rejects where Redis does not answer in time. */
  run(script: string, keys: string[], args: string[]): Promise<unknown> {
    return inTime(this.redis.eval(script, { keys, arguments: args }));
  }

  /** The others hear with the next beat that this node relays. */
  sayThatItRelays(): void {
    this.#about = { ...this.#about, relays: true };
  }

  /** Renews the lease now, e.g. because Redis does not have it. */
  async renew(): Promise<void> {
    if (!this.#isClosed) await this.#beat();
  }

  /** Gives up the lease: others take this node's rooms. */
  async resign(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isClosed = true;
    this.#sureUntil = Number.NEGATIVE_INFINITY;
    // Where Redis can't be reached the lease runs out by itself.
    await inTime(this.redis.del(KEYS.node(this.nodeId))).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#mail.close();
    for (const client of [this.redis, this.#reader]) if (client.isOpen) client.destroy();
  }

  #beatLater(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(async () => {
      try {
        await this.#beat();
      } catch (err) {
        this.#options.logger.debug({ err }, 'the lease was not renewed');
      }
      this.#wasSure = this.isSure;
      this.#beatLater();
    }, BEAT_MS);
  }

  async #beat(): Promise<void> {
    const { clock, clockOffMs = CLOCK_OFF_MS, logger } = this.#options;
    const { nodeId } = this;
    const sentAt = performance.now();
    const clockAt = clock();
    const answer = await this.run(
      BEAT,
      [KEYS.nodes, KEYS.node(nodeId), KEYS.inbox(nodeId)],
      [
        ...[nodeId, JSON.stringify(this.#about), String(LEASE_MS), String(INBOX_KEPT_MS)],
        ...[String(clockAt), String(Math.min(clockOffMs, Number.MAX_SAFE_INTEGER))],
      ],
    );
    if (this.#isClosed) return;
    const [wasThere, seconds, micros, nodes] = Beat.parse(answer);
    const offMs = Math.abs(seconds * 1000 + micros / 1000 - clockAt);
    const isClockOff = offMs > clockOffMs;
    if (isClockOff !== this.#isClockOff) {
      this.#isClockOff = isClockOff;
      const words = isClockOff
        ? `this node’s clock is ${Math.round(offMs)} ms from that of Redis: it owns no rooms until that is put right (e.g. with chrony)`
        : 'this node’s clock is right again';
      logger[isClockOff ? 'error' : 'info']({ offMs }, words);
    }
    const wasSure = this.#wasSure;
    const wasAway = !wasSure && this.#sureUntil > Number.NEGATIVE_INFINITY;
    if (wasAway) this.#judgesFrom = performance.now() + LEASE_MS;
    this.#sureUntil = isClockOff ? Number.NEGATIVE_INFINITY : sentAt + LEASE_MS - MARGIN_MS;
    this.#wasSure = this.isSure;
    this.#noteNodes(nodes);
    if (this.isSure && (!wasSure || wasThere === 0)) this.emit('resumed');
  }

  #noteNodes(nodes: z.infer<typeof Beat>[3]): void {
    const before = this.#others;
    const mayJudge = performance.now() >= this.#judgesFrom;
    const others = new Map<string, ClusterNode>(mayJudge ? [] : before);
    for (const [nodeId, text] of nodes) {
      if (nodeId === this.nodeId || text === '') continue;
      const about = About.safeParse(parsedJson(text));
      if (about.success) others.set(nodeId, { nodeId, ...about.data });
    }
    this.#others = others;
    for (const nodeId of others.keys()) if (!before.has(nodeId)) this.emit('joined', nodeId);
    for (const nodeId of before.keys()) {
      if (!others.has(nodeId)) this.emit('left', nodeId);
    }
    if (!mayJudge) return;
    for (const [nodeId, text, rooms] of nodes) {
      if (text !== '' || nodeId === this.nodeId) continue;
      if (rooms > 0) this.emit('orphaned', nodeId);
      else void this.#strikeOut(nodeId);
    }
  }

  async #strikeOut(nodeId: string): Promise<void> {
    const keys = [KEYS.nodes, KEYS.node(nodeId), KEYS.roomsOf(nodeId), KEYS.inbox(nodeId)];
    // What fails is tried again with the next beat.
    await this.run(STRIKE_OUT, keys, [nodeId]).catch(() => undefined);
  }
}
