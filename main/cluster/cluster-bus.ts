import { EventEmitter } from 'node:events';
import { createClient } from '@redis/client';
import { nanoid } from 'nanoid';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { KEYS } from './cluster-keys.ts';
import type { ClusterMac } from './cluster-mac.ts';
import { ClusterMessage } from './cluster-messages.ts';
import { BEAT, STRIKE_OUT } from './cluster-scripts.ts';

/** A node that says nothing for so long is gone, and its rooms are others'. */
const LEASE_MS = 3_000;
const BEAT_MS = 500;
/** A lease counts as one's own a little shorter than Redis keeps it. */
const MARGIN_MS = 500;
const COMMAND_WITHIN_MS = 1_500;
/** What nobody reads any more is forgotten. */
const INBOX_KEPT_MS = 60_000;
const INBOX_MESSAGES = 20_000;
const READ_AT_ONCE = 500;
const READ_WAITS_MS = 2_000;
/** Sessions and tickets are dated by each node's clock. */
const CLOCK_OFF_MS = 2_000;

const About = z.object({ name: z.string().max(256), hasCommunity: z.boolean() });
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
  about: About;
  /** Tells what nodes wrote from what somebody else did. */
  mac: ClusterMac;
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
  readonly redis: ReturnType<typeof createClient>;
  readonly mac: ClusterMac;
  readonly #reader: ReturnType<typeof createClient>;
  readonly #options: ClusterBusOptions;
  readonly #outbox = new Map<string, ClusterMessage[]>();
  #others = new Map<string, ClusterNode>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Until when the lease is ours for sure, by the monotonic clock. */
  #sureUntil = Number.NEGATIVE_INFINITY;
  #wasSure = false;
  #isClockOff = false;
  #isClosed = false;
  #lastRead = '0-0';
  /** Entries that were sent, and the last one of each node that was taken. */
  #sent = 0;
  readonly #taken = new Map<string, number>();

  private constructor(options: ClusterBusOptions) {
    super();
    this.setMaxListeners(32);
    this.#options = options;
    this.mac = options.mac;
    const settings = {
      url: options.url,
      disableOfflineQueue: true,
      socket: {
        connectTimeout: COMMAND_WITHIN_MS,
        reconnectStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, 1_000),
      },
    };
    this.redis = createClient(settings);
    this.#reader = createClient(settings);
    for (const client of [this.redis, this.#reader]) {
      client.on('error', (err) => options.logger.debug({ err }, 'Redis'));
    }
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
    void bus.#read();
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

  /** Many messages of one turn of the event loop are one. */
  send(nodeId: string, message: ClusterMessage): void {
    const waiting = this.#outbox.get(nodeId);
    if (waiting) {
      waiting.push(message);
      return;
    }
    if (this.#outbox.size === 0) setImmediate(() => this.#flush());
    this.#outbox.set(nodeId, [message]);
  }

  toAll(message: ClusterMessage): void {
    for (const nodeId of this.#others.keys()) this.send(nodeId, message);
  }

  /** Runs a script of `cluster-scripts.ts`; rejects where Redis does not answer in time. */
  run(script: string, keys: string[], args: string[]): Promise<unknown> {
    return within(this.redis.eval(script, { keys, arguments: args }), COMMAND_WITHIN_MS);
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
    await within(this.redis.del(KEYS.node(this.nodeId)), COMMAND_WITHIN_MS).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
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
    const { about, clock, clockOffMs = CLOCK_OFF_MS, logger } = this.#options;
    const { nodeId } = this;
    const sentAt = performance.now();
    const clockAt = clock();
    const answer = await this.run(
      BEAT,
      [KEYS.nodes, KEYS.node(nodeId), KEYS.inbox(nodeId)],
      [
        ...[nodeId, JSON.stringify(about), String(LEASE_MS), String(INBOX_KEPT_MS)],
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
    this.#sureUntil = isClockOff ? Number.NEGATIVE_INFINITY : sentAt + LEASE_MS - MARGIN_MS;
    this.#wasSure = this.isSure;
    this.#noteNodes(nodes);
    if (this.isSure && (!wasSure || wasThere === 0)) this.emit('resumed');
  }

  #noteNodes(nodes: z.infer<typeof Beat>[3]): void {
    const before = this.#others;
    const others = new Map<string, ClusterNode>();
    for (const [nodeId, text] of nodes) {
      if (nodeId === this.nodeId || text === '') continue;
      const about = About.safeParse(parsed(text));
      if (about.success) others.set(nodeId, { nodeId, ...about.data });
    }
    this.#others = others;
    for (const nodeId of others.keys()) if (!before.has(nodeId)) this.emit('joined', nodeId);
    for (const nodeId of before.keys()) {
      if (!others.has(nodeId)) this.emit('left', nodeId);
    }
    for (const [nodeId, text, rooms] of nodes) {
      if (text !== '' || nodeId === this.nodeId) continue;
      if (rooms > 0) this.emit('orphaned', nodeId);
      else void this.#strikeOut(nodeId);
    }
  }

  async #strikeOut(nodeId: string): Promise<void> {
    const keys = [KEYS.nodes, KEYS.node(nodeId), KEYS.roomsOf(nodeId), KEYS.inbox(nodeId)];
    await this.run(STRIKE_OUT, keys, [nodeId]).catch(() => undefined);
  }

  #flush(): void {
    for (const [nodeId, messages] of this.#outbox) {
      this.#sent += 1;
      const [from, n, text] = [this.nodeId, String(this.#sent), JSON.stringify(messages)];
      const fields = { from, n, messages: text, mac: this.mac.of(nodeId, from, n, text) };
      const sent = this.redis.xAdd(KEYS.inbox(nodeId), '*', fields, {
        TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: INBOX_MESSAGES },
      });
      sent.catch((err: unknown) => {
        this.#options.logger.debug({ err, nodeId }, 'another node was not told');
      });
    }
    this.#outbox.clear();
  }

  async #read(): Promise<void> {
    const key = KEYS.inbox(this.nodeId);
    while (!this.#isClosed) {
      try {
        const read = await this.#reader.xRead(
          { key, id: this.#lastRead },
          { COUNT: READ_AT_ONCE, BLOCK: READ_WAITS_MS },
        );
        for (const { messages } of (read ?? []) as StreamRead[]) {
          for (const entry of messages) {
            this.#lastRead = entry.id;
            this.#receive(entry.message);
          }
        }
      } catch (err) {
        if (this.#isClosed) return;
        this.#options.logger.debug({ err }, 'messages of other nodes can’t be read');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** Whoever can write to Redis can say anything: what no node said now is left out. */
  #receive({ from = '', n = '', messages = '', mac = '' }: Record<string, string>): void {
    const { logger } = this.#options;
    const isNew = Number(n) > (this.#taken.get(from) ?? 0);
    if (!isNew || !this.mac.matches(mac, this.nodeId, from, n, messages)) {
      logger.error({ from }, 'somebody else than another node wrote to this one');
      return;
    }
    this.#taken.set(from, Number(n));
    const read = z.array(ClusterMessage).safeParse(parsed(messages));
    if (!read.success) {
      logger.error({ from }, 'what came from another node is not understood');
      return;
    }
    for (const message of read.data) {
      try {
        this.emit('message', from, message);
      } catch (err) {
        this.#options.logger.error({ err, from, type: message.type }, 'a message failed');
      }
    }
  }
}

interface StreamRead {
  messages: { id: string; message: Record<string, string> }[];
}

/** Connects once: a wrong address or password is told, and not tried for ever. */
async function firstConnected(client: ReturnType<typeof createClient>): Promise<void> {
  let failed: (error: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    failed = reject;
  });
  client.once('error', failed);
  try {
    await Promise.race([client.connect(), failure]);
  } finally {
    client.off('error', failed);
  }
}

function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Redis did not answer in time.')), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
