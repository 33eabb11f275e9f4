import type { ProtocolError } from '../../protocol/errors.ts';
import { MESSAGE_RATE, type ServerMessage } from '../../protocol/messages.ts';
import type { Caller } from '../rendezvous/access.ts';
import { type ClientConnection, errorMessage } from '../rendezvous/sockets/connection.ts';
import { SlidingWindow } from '../rendezvous/sockets/sliding-window.ts';
import type { ClusterBus } from './cluster-bus.ts';

export interface RemoteConnectionOptions {
  bus: ClusterBus;
  nodeId: string;
  connectionId: string;
  openedAt: number;
  caller: Caller;
}

/** A socket that is open on another node, which checked whose it is and closes it when it has to. */
export class RemoteConnection implements ClientConnection {
  readonly openedAt: number;
  readonly messages = new SlidingWindow(MESSAGE_RATE.messages, MESSAGE_RATE.windowMs);
  readonly candidates = new SlidingWindow(MESSAGE_RATE.candidates, MESSAGE_RATE.windowMs);
  readonly peers = new Map<string, string>();
  sessionExpiresAt = Number.POSITIVE_INFINITY;
  caller: Caller | undefined;
  readonly #options: RemoteConnectionOptions;
  #isOpen = true;

  constructor(options: RemoteConnectionOptions) {
    this.#options = options;
    this.openedAt = options.openedAt;
    this.caller = options.caller;
  }

  /** The node that it is open on. */
  get nodeId(): string {
    return this.#options.nodeId;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(message: ServerMessage): void {
    this.sendJson(JSON.stringify(message));
  }

  sendJson(json: string | Buffer): void {
    if (!this.#isOpen) return;
    const { bus, nodeId, connectionId } = this.#options;
    bus.send(nodeId, { type: 'send', connectionId, json: json.toString() });
  }

  refuse(error: ProtocolError, requestId?: string | undefined): void {
    this.send(errorMessage(error, requestId));
  }

  close(code: number, reason: string): void {
    if (!this.#isOpen) return;
    const { bus, nodeId, connectionId } = this.#options;
    bus.send(nodeId, { type: 'close', connectionId, code, reason });
    this.#isOpen = false;
  }

  /** It closed on its node, or its node is gone. */
  gone(): void {
    this.#isOpen = false;
  }
}
