import { ProtocolError } from '../../protocol/errors.ts';
import type { ServerMessage } from '../../protocol/messages.ts';
import type { FeedRef } from '../../protocol/posts.ts';
import { type RetryPolicy, reconnectDelay } from '../rooms/reconnect-delay.ts';
import type { SignallingClient } from '../rooms/signalling-client.ts';

/** What is heard of a feed's posts. */
export type FeedNews = Extract<
  ServerMessage,
  { type: 'post:created' | 'post:updated' | 'post:deleted' | 'room:status' }
>;

export interface FeedListener {
  /** May be of another feed: the line tells everything to everybody. */
  news(news: FeedNews): void;
  /** From now on news comes by itself, or not any more. What happened before is to be asked for. */
  connected(now: boolean): void;
}

type Line = Pick<SignallingClient, 'on' | 'open' | 'follow' | 'unfollow' | 'state'>;

/** Refusals that asking again does not change while the page stays as it is. */
const FINAL: ReadonlySet<string> = new Set(['not-found', 'project-not-found', 'rate-limited']);

/**
 * Follows feeds over the window's socket to the node, and goes on by itself on a new one. Whoever
 * is not signed in hears nothing and has to ask.
 */
export class FeedLine {
  readonly #line: Line;
  readonly #signedIn: () => Promise<boolean>;
  readonly #retry: RetryPolicy;
  readonly #followed = new Map<string, { feed: FeedRef; listeners: Set<FeedListener> }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;

  constructor(line: Line, signedIn: () => Promise<boolean>, retry: RetryPolicy = reconnectDelay) {
    this.#line = line;
    this.#signedIn = signedIn;
    this.#retry = retry;
    line.on('state', (state) => {
      if (state === 'online') for (const { feed } of this.#followed.values()) this.#follow(feed);
      else if (state === 'offline') this.#lost();
      else this.#tell((listener) => listener.connected(false));
    });
    line.on('message', (message) => {
      if (isNews(message)) this.#tell((listener) => listener.news(message));
    });
  }

  /** Listens until the returned function is called. */
  follow(feed: FeedRef, listener: FeedListener): () => void {
    const key = JSON.stringify(feed);
    const known = this.#followed.get(key);
    const entry = known ?? { feed, listeners: new Set<FeedListener>() };
    entry.listeners.add(listener);
    this.#followed.set(key, entry);
    if (this.#line.state === 'online') this.#follow(feed);
    else this.#open();
    return () => {
      entry.listeners.delete(listener);
      if (entry.listeners.size > 0 || this.#followed.get(key) !== entry) return;
      this.#followed.delete(key);
      this.#line.unfollow(feed);
    };
  }

  /** Opening tells `online` by itself. */
  #open(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#signedIn()
      .then((signedIn) => (signedIn ? this.#line.open() : this.#lost()))
      .catch((error: unknown) => {
        console.info('No news of feeds yet.', error);
        this.#lost();
      });
  }

  #lost(): void {
    this.#tell((listener) => listener.connected(false));
    if (this.#followed.size === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#open(), this.#retry.delayMs(this.#attempt++));
  }

  #follow(feed: FeedRef): void {
    this.#attempt = 0;
    this.#line.follow(feed).then(
      () => {
        const listeners = this.#followed.get(JSON.stringify(feed))?.listeners ?? [];
        for (const listener of listeners) listener.connected(true);
      },
      (error: unknown) => {
        // A lost socket is told by its state.
        if (!(error instanceof ProtocolError && FINAL.has(error.code))) return;
        console.info('This feed can not be followed; it is asked for instead.', error.message);
      },
    );
  }

  #tell(what: (listener: FeedListener) => void): void {
    for (const { listeners } of [...this.#followed.values()]) {
      for (const listener of [...listeners]) what(listener);
    }
  }
}

function isNews(message: ServerMessage): message is FeedNews {
  return message.type.startsWith('post:') || message.type === 'room:status';
}
