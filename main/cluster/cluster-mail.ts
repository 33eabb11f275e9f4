import type { Logger } from 'pino';
import { z } from 'zod';
import { KEYS } from './cluster-keys.ts';
import { ClusterMessage } from './cluster-messages.ts';
import type { MailCipher } from './mail-cipher.ts';
import { parsedJson, type RedisClient } from './redis-client.ts';

/** Entries of an inbox; older ones are forgotten. */
const INBOX_ENTRIES = 20_000;
const READ_AT_ONCE = 500;
const READ_WAITS_MS = 2_000;
const READ_AGAIN_MS = 100;

export interface ClusterMailOptions {
  nodeId: string;
  redis: RedisClient;
  /** A connection of its own: reading waits. */
  reader: RedisClient;
  cipher: MailCipher;
  logger: Logger;
  /** Called with each message in the order in which its node sent them. */
  hear: (from: string, message: ClusterMessage) => void;
}

/** Messages between nodes: a stream in Redis for each, so that a short break loses nothing. */
export class ClusterMail {
  readonly #options: ClusterMailOptions;
  readonly #outbox = new Map<string, ClusterMessage[]>();
  /** Entries that were sent, and the last one of each node that was taken. */
  #sent = 0;
  readonly #taken = new Map<string, number>();
  #lastRead = '0-0';
  #isClosed = false;

  constructor(options: ClusterMailOptions) {
    this.#options = options;
  }

  start(): void {
    // Another Redis may count otherwise; what was taken already is known by its number.
    this.#options.reader.on('ready', () => {
      this.#lastRead = '0-0';
    });
    void this.#read();
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Many messages of one turn of the event loop are one entry. */
  send(nodeId: string, message: ClusterMessage): void {
    const waiting = this.#outbox.get(nodeId);
    if (waiting) {
      waiting.push(message);
      return;
    }
    if (this.#outbox.size === 0) setImmediate(() => this.#flush());
    this.#outbox.set(nodeId, [message]);
  }

  #flush(): void {
    const { redis, cipher, logger, nodeId: from } = this.#options;
    for (const [to, messages] of this.#outbox) {
      this.#sent += 1;
      const n = this.#sent;
      const sealed = cipher.seal(JSON.stringify(messages), { from, to, n });
      const fields = { from, n: String(n), sealed };
      const sent = redis.xAdd(KEYS.inbox(to), '*', fields, {
        TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: INBOX_ENTRIES },
      });
      sent.catch((err: unknown) => logger.debug({ err, to }, 'another node was not told'));
    }
    this.#outbox.clear();
  }

  async #read(): Promise<void> {
    const { nodeId, reader, logger } = this.#options;
    const key = KEYS.inbox(nodeId);
    while (!this.#isClosed) {
      try {
        const id = this.#lastRead;
        const read = await reader.xRead({ key, id }, { COUNT: READ_AT_ONCE, BLOCK: READ_WAITS_MS });
        for (const { messages } of (read ?? []) as StreamRead[]) {
          for (const entry of messages) {
            this.#lastRead = entry.id;
            this.#receive(entry.message);
          }
        }
      } catch (err) {
        if (this.#isClosed) return;
        logger.debug({ err }, 'messages of other nodes can’t be read');
        await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS));
      }
    }
  }

  /** Whoever can write to Redis can say anything: what no node said now is left out. */
  #receive({ from = '', n: number, sealed = '' }: Record<string, string>): void {
    const { nodeId, logger, cipher, hear } = this.#options;
    const n = Number(number);
    const messages = cipher.open(sealed, { from, to: nodeId, n });
    if (messages === undefined) {
      logger.error({ from }, 'somebody else than another node wrote to this one');
      return;
    }
    if (n <= (this.#taken.get(from) ?? 0)) return;
    this.#taken.set(from, n);
    const read = z.array(ClusterMessage).safeParse(parsedJson(messages));
    if (!read.success) {
      logger.error({ from }, 'what came from another node is not understood');
      return;
    }
    for (const message of read.data) {
      try {
        hear(from, message);
      } catch (err) {
        logger.error({ err, from, type: message.type }, 'a message failed');
      }
    }
  }
}

interface StreamRead {
  messages: { id: string; message: Record<string, string> }[];
}
