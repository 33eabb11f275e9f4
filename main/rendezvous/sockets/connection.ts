import type { WebSocket } from 'ws';
import { CLOSE } from '../../../protocol/close-codes.ts';
import type { ErrorCode, ProtocolError } from '../../../protocol/errors.ts';
import { MESSAGE_RATE, type ServerMessage } from '../../../protocol/messages.ts';
import type { Caller } from '../access.ts';
import { SlidingWindow } from './sliding-window.ts';

/** What may wait to be sent to a client before it is given up: it can't follow the room any more. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

/** A client's socket, of this node or of another one that shares its rooms. */
export interface ClientConnection {
  readonly openedAt: number;
  readonly messages: SlidingWindow;
  readonly candidates: SlidingWindow;
  /** Room of each peer this socket speaks for. */
  readonly peers: Map<string, string>;
  /** `undefined` until authenticated. */
  caller: Caller | undefined;
  /** When the session runs out, in ms since the epoch. */
  sessionExpiresAt: number;
  readonly isOpen: boolean;
  send(message: ServerMessage): void;
  /** Sends a message that is JSON already. */
  sendJson(json: string | Buffer): void;
  refuse(error: ProtocolError, requestId?: string | undefined): void;
  close(code: number, reason: string): void;
}

/** A refusal as a message. */
export function errorMessage(
  { code, message }: ProtocolError,
  requestId: string | undefined,
): ServerMessage {
  return { type: 'error', code, message, ...(requestId !== undefined && { requestId }) };
}

/** One client's socket here: who it is, which of its presences it speaks for, and its budgets. */
export class Connection implements ClientConnection {
  readonly openedAt: number;
  readonly messages = new SlidingWindow(MESSAGE_RATE.messages, MESSAGE_RATE.windowMs);
  readonly candidates = new SlidingWindow(MESSAGE_RATE.candidates, MESSAGE_RATE.windowMs);
  /** Room of each peer this socket speaks for. */
  readonly peers = new Map<string, string>();
  /** `undefined` until authenticated. */
  caller: Caller | undefined;
  /** When the session runs out, in ms since the epoch. */
  sessionExpiresAt = 0;
  readonly #socket: WebSocket;
  readonly #refused: ((code: ErrorCode) => void) | undefined;

  /** @param refused told of each refusal. */
  constructor(socket: WebSocket, openedAt: number, refused?: (code: ErrorCode) => void) {
    this.#socket = socket;
    this.#refused = refused;
    this.openedAt = openedAt;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(message: ServerMessage): void {
    this.sendJson(JSON.stringify(message));
  }

  /** Sends a message that is JSON already. A client that does not read is cut off. */
  sendJson(json: string | Buffer): void {
    if (!this.isOpen) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.close(CLOSE.overloaded, 'reading too slowly');
      // A client that does not read will not read the close either.
      this.#socket.terminate();
      return;
    }
    this.#socket.send(json, { binary: false });
  }

  refuse(error: ProtocolError, requestId?: string | undefined): void {
    this.#refused?.(error.code);
    this.send(errorMessage(error, requestId));
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }
}
