import { once } from 'node:events';
import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import {
  ClientMessage,
  MAX_MESSAGE_BYTES,
  MESSAGE_RATE,
  ServerMessage,
} from '../../protocol/messages.ts';
import type { TestMember, TestNode } from '../integration/rendezvous/node.ts';
import { type JsonSchema, type Source, valueFrom } from './from-schema.ts';
import { mutated, nearlyJson } from './mutation.ts';
import type { World } from './world.ts';

const SCHEMAS = ClientMessage.options.map(
  (schema) => z.toJSONSchema(schema, { io: 'input' }) as JsonSchema,
);

/** What one socket sends between two breaths: its budget, candidates apart, and the farewell. */
export const MESSAGES_PER_SOCKET = MESSAGE_RATE.messages - 2;

/** A text frame, or now and then bytes; right, or right before some of it was changed. */
export function randomFrame(who: TestMember, world: World, source: Source): string | Buffer {
  const { random } = source;
  const right = valueFrom(random.pick(SCHEMAS), source) as Record<string, unknown>;
  const own = world.peersOf.get(who) ?? [];
  if ('from' in right && own.length > 0 && random.chance(0.8)) right.from = random.pick(own);
  if (right.type === 'authenticate' && random.chance(0.9)) right.token = who.token;
  if (random.chance(0.03)) right.type = random.pick(['room:update', 'constructor', '', 7, null]);
  if (random.chance(0.005)) right.sdp = 'x'.repeat(MAX_MESSAGE_BYTES);
  const value = random.chance(0.5) ? mutated(right, random, source.strings) : right;
  const text = nearlyJson(value, random);
  return random.chance(0.01) ? Buffer.from(text) : text;
}

/** A person's socket that checks everything the node says. */
export class FuzzedSocket {
  readonly #node: TestNode;
  readonly #who: TestMember;
  #socket: WebSocket | undefined;
  #asked = 0;
  #answered: (requestId: string) => void = () => undefined;
  /** What the node said that it must not; empty when all is well. */
  readonly faults: string[] = [];

  constructor(node: TestNode, who: TestMember) {
    this.#node = node;
    this.#who = who;
  }

  /** Sends the frames, over a new socket where the node has closed the last one. */
  async send(frames: readonly (string | Buffer)[]): Promise<void> {
    const socket = await this.#open();
    for (const frame of frames) socket.send(frame, { binary: typeof frame !== 'string' });
    await this.#settled(socket);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === WebSocket.OPEN) return this.#socket;
    const socket = new WebSocket(`${this.#node.url.replace('http', 'ws')}/ws`);
    socket.on('message', (data) => this.#heard(data));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'authenticate', token: this.#who.token }));
    this.#socket = socket;
    return socket;
  }

  /** The node answers in order: an answer to this one means that all before it was handled. */
  async #settled(socket: WebSocket): Promise<void> {
    const requestId = `settled-${++this.#asked}`;
    socket.send(JSON.stringify({ type: 'settled?', requestId }));
    const closed = new AbortController();
    await Promise.race([
      new Promise<void>((resolve) => {
        this.#answered = (id) => id === requestId && resolve();
      }),
      socket.readyState === WebSocket.CLOSED
        ? undefined
        : once(socket, 'close', { signal: closed.signal }),
    ]);
    closed.abort();
  }

  #heard(data: RawData): void {
    const text = String(data);
    const read = ServerMessage.safeParse(JSON.parse(text));
    const message = read.success ? read.data : undefined;
    const isFault = message?.type === 'error' && message.code === 'internal';
    if (!message || isFault || Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
      this.faults.push(`${text.slice(0, 2000)} ${read.error ?? ''}`);
    } else if (message.type === 'error' && message.requestId) this.#answered(message.requestId);
  }
}
