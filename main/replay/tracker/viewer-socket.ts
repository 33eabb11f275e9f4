import type { WebSocket } from 'ws';
import { CLOSE } from '../../../protocol/close-codes.ts';
import type { TrackerMessage } from '../../../protocol/swarm.ts';
import { isLoopback } from '../../rendezvous/request-limits.ts';
import { MAX_BUFFERED_BYTES } from '../../rendezvous/sockets/connection.ts';
import { SlidingWindow } from '../../rendezvous/sockets/sliding-window.ts';
import type { TrackerSocket } from './swarm-tracker.ts';

/** A viewer announces twice a minute and answers some offers. */
const MESSAGES = { limit: 60, windowMs: 10_000 };
/** Somebody who is refused this often is not a viewer with bad luck. */
const REFUSALS = { limit: 30, windowMs: 60_000 };
/** How long a socket may be in no swarm: time to open it, and to come back with a new ticket. */
const IDLE_MS = 15_000;

/** Frames that may wait while one is being handled. */
export const MAX_WAITING = MESSAGES.limit;

/** One client's socket on `/tracker`, with its budgets. */
export class ViewerSocket implements TrackerSocket {
  readonly address: string;
  readonly refusals = new SlidingWindow(REFUSALS.limit, REFUSALS.windowMs);
  readonly #socket: WebSocket;
  readonly #messages = new SlidingWindow(MESSAGES.limit, MESSAGES.windowMs);
  #idleSinceMs: number;

  constructor(socket: WebSocket, address: string, nowMs: number) {
    this.#socket = socket;
    this.address = address;
    this.#idleSinceMs = nowMs;
  }

  get isLoopback(): boolean {
    return isLoopback(this.address);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Counts one message; `false` when it is one too many. */
  mayAsk(nowMs: number): boolean {
    return this.#messages.take(nowMs);
  }

  wasMember(nowMs: number): void {
    this.#idleSinceMs = nowMs;
  }

  isIdle(nowMs: number): boolean {
    return nowMs - this.#idleSinceMs >= IDLE_MS;
  }

  /** A client that does not read is cut off. */
  send(message: TrackerMessage): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.close(CLOSE.overloaded, 'reading too slowly');
      this.#socket.terminate();
      return;
    }
    this.#socket.send(JSON.stringify(message));
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }
}
