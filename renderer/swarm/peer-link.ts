import {
  decodeChunk,
  decodeText,
  SWARM_WIRE,
  type WireMessage,
} from '../../protocol/swarm-wire.ts';
import { FloodGate } from '../rooms/mesh-channel.ts';
import { Incoming, RequestFailed } from './incoming.ts';
import { Outgoing } from './outgoing.ts';
import { Reliability } from './reliability.ts';
import type { WireChannel } from './wire-channel.ts';

/** Texts that a viewer may send in 10 s: what it has, requests, as many called off, and answers. */
const MAX_TEXTS = 300;
/** So often we tell what we have, and so much we ask for in 10 s: 280 texts with all that follows. */
const MAX_TELLS = 100;
const MAX_WANTS = 60;
/** Past that we tell what has come together in the meantime. */
const TELL_LATER_MS = 250;

/** What a link needs of the player it belongs to. */
export interface LinkOwner {
  /** The bytes of a segment that was checked; others are passed on to nobody. */
  segment(number: number): Uint8Array<ArrayBuffer> | undefined;
  /** Another viewer has told what it has. */
  told(link: PeerLink): void;
  /** Bytes of segments were sent. */
  sent(sizeBytes: number): void;
  /** @param offence what rule the other side broke; `undefined` where the channel just closed */
  ended(link: PeerLink, offence: string | undefined): void;
}

type Have = Extract<WireMessage, { type: 'have' }>;

/** One other viewer: what it has, what it was asked for, what it asks for. */
export class PeerLink {
  readonly peerId: string;
  readonly #channel: WireChannel;
  readonly #owner: LinkOwner;
  readonly #incoming = new Incoming();
  readonly #outgoing: Outgoing;
  readonly #gate: FloodGate;
  readonly #wants: FloodGate;
  readonly #tells: FloodGate;
  /** Whether it sends what it says that it has. */
  readonly answers: Reliability;
  /** Whether it fetches what it says, or what is its turn. */
  readonly fetches: Reliability;
  #untold: Omit<Have, 'type'> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #have: Have = { type: 'have', ranges: [], fetching: [], playing: 0 };
  #isOpen = true;

  /** @param now milliseconds of a clock that never goes back */
  constructor(peerId: string, channel: WireChannel, owner: LinkOwner, now?: () => number) {
    this.peerId = peerId;
    this.#channel = channel;
    this.#owner = owner;
    this.#gate = new FloodGate(now, MAX_TEXTS);
    this.#tells = new FloodGate(now, MAX_TELLS);
    this.#wants = new FloodGate(now, MAX_WANTS);
    this.answers = new Reliability(now);
    this.fetches = new Reliability(now);
    this.#outgoing = new Outgoing({
      channel,
      segment: (number) => owner.segment(number),
      sent: (sizeBytes) => owner.sent(sizeBytes),
    });
    channel.onMessage = (data) => this.#receive(data);
    channel.onClosed = () => this.#end(undefined);
  }

  /** Which segment the other viewer plays. */
  get playing(): number {
    return this.#have.playing;
  }

  /** How many more segments it may be asked for now. */
  get room(): number {
    return this.#isOpen ? SWARM_WIRE.openRequests - this.#incoming.open : 0;
  }

  has(number: number): boolean {
    return this.#have.ranges.some(([first, last]) => first <= number && number <= last);
  }

  /** Whether it fetches this one from the node just now. */
  isFetching(number: number): boolean {
    return this.#have.fetching.includes(number);
  }

  /** At once, or with what else there is to tell by then, so that nobody takes it for a flood. */
  tell(have: Omit<Have, 'type'>): void {
    this.#untold = have;
    if (this.#timer === undefined) this.#tellSoon();
  }

  /**
   * The segment as this viewer sends it: of the right size, and not checked otherwise. Rejects with
   * a `RequestFailed`.
   */
  async request(
    number: number,
    sizeBytes: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (!this.#isOpen) throw new RequestFailed('closed');
    if (!this.#wants.passes()) throw new RequestFailed('too-many');
    const { id, bytes } = this.#incoming.begin(number, sizeBytes);
    const callOff = () => {
      if (this.#incoming.cancel(id)) this.#say({ type: 'cancel', id });
    };
    signal.addEventListener('abort', callOff);
    if (signal.aborted) callOff();
    else this.#say({ type: 'want', id, segment: number });
    try {
      return await bytes;
    } finally {
      signal.removeEventListener('abort', callOff);
    }
  }

  /** Closes it; `offence` where the other side broke a rule that only the owner can know. */
  close(offence?: string): void {
    this.#end(offence);
  }

  #receive(data: string | ArrayBuffer): void {
    if (!this.#isOpen) return;
    const offence = typeof data === 'string' ? this.#receiveText(data) : this.#receiveChunk(data);
    if (offence !== undefined) this.#end(offence);
  }

  #receiveChunk(data: ArrayBuffer): string | undefined {
    const chunk = decodeChunk(data);
    return chunk ? this.#incoming.chunk(chunk.id, chunk.bytes) : 'sent bytes of no known kind';
  }

  #receiveText(text: string): string | undefined {
    if (!this.#gate.passes()) return 'sent too many messages';
    const message = decodeText(text);
    switch (message?.type) {
      case undefined:
        return 'sent a message of no known kind';
      case 'have':
        this.#have = message;
        this.#owner.told(this);
        return undefined;
      case 'want':
        return this.#outgoing.want(message.id, message.segment);
      case 'cancel':
        this.#outgoing.cancel(message.id);
        return undefined;
      case 'data':
        return this.#incoming.announced(message);
      case 'gone':
        return this.#incoming.gone(message.id);
    }
  }

  #tellSoon(): void {
    this.#timer = undefined;
    if (!this.#untold) return;
    if (this.#tells.passes()) {
      this.#say({ type: 'have', ...this.#untold });
      this.#untold = undefined;
    } else {
      this.#timer = setTimeout(() => this.#tellSoon(), TELL_LATER_MS);
    }
  }

  #say(message: WireMessage): void {
    if (this.#isOpen) this.#channel.send(JSON.stringify(message));
  }

  #end(offence: string | undefined): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#outgoing.close();
    this.#channel.close();
    this.#incoming.close();
    this.#owner.ended(this, offence);
  }
}
