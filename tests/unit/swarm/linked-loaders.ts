import { createHash } from 'node:crypto';
import type { SignedFile } from '../../../renderer/replay/integrity/signed-files.ts';
import {
  createExchangeStore,
  type ExchangeStore,
} from '../../../renderer/swarm/exchange-figures.ts';
import { PeerLink } from '../../../renderer/swarm/peer-link.ts';
import { SegmentLoader } from '../../../renderer/swarm/segment-loader.ts';
import type { Swarm } from '../../../renderer/swarm/swarm.ts';
import type { WireChannel } from '../../../renderer/swarm/wire-channel.ts';

export const SEGMENTS = 8;
export const SEGMENT_BYTES = 20_000;

export const nameOf = (number: number) => `segment-${String(number).padStart(6, '0')}.m4s`;

/** A segment as the host made it. */
export function genuine(number: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: SEGMENT_BYTES }, (_, at) => (at * 31 + number * 7) & 0xff);
}

function signedFileOf(bytes: Uint8Array): SignedFile {
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
  };
}

const signed = new Map<string, SignedFile>(
  Array.from({ length: SEGMENTS }, (_, number) => [nameOf(number), signedFileOf(genuine(number))]),
);

/** Two ends of a channel in one process; what is sent arrives in the next turn. */
export function channelPair(): [MemoryChannel, MemoryChannel] {
  const pair: [MemoryChannel, MemoryChannel] = [new MemoryChannel(), new MemoryChannel()];
  pair[0].other = pair[1];
  pair[1].other = pair[0];
  return pair;
}

export class MemoryChannel implements WireChannel {
  other: MemoryChannel | undefined;
  onMessage: (data: string | ArrayBuffer) => void = () => undefined;
  onClosed: () => void = () => undefined;
  readonly bufferedBytes = 0;
  isOpen = true;
  /** Everything that came, for tests that play the other side by hand. */
  readonly heard: (string | ArrayBuffer)[] = [];

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (!this.isOpen) return;
    const copy = typeof data === 'string' ? data : data.slice().buffer;
    queueMicrotask(() => this.other?.receive(copy));
  }

  receive(data: string | ArrayBuffer): void {
    if (!this.isOpen) return;
    this.heard.push(data);
    this.onMessage(data);
  }

  drained(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    queueMicrotask(() => this.other?.closedByOther());
  }

  closedByOther(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.onClosed();
  }
}

/** A viewer with a loader of its own, in a swarm whose links a test makes by hand. */
export class TestViewer {
  readonly figures: ExchangeStore = createExchangeStore();
  readonly loader: SegmentLoader;
  /** Names of what it had from the node. */
  readonly asked: string[] = [];
  readonly offences: string[] = [];
  aheadS = 10;
  /** What the node answers. */
  node: (number: number) => Uint8Array<ArrayBuffer> = genuine;
  /** What the host has signed. */
  readonly signed = new Map(signed);
  readonly #links: PeerLink[] = [];
  #link: (peerId: string, channel: WireChannel) => void = () => undefined;

  constructor(selfId: string) {
    this.loader = new SegmentLoader({
      files: {
        signedFile: async (name) => {
          const file = this.signed.get(name);
          if (!file) throw new Error(`nothing is signed for ${name}`);
          return file;
        },
        known: (name) => this.signed.get(name),
      },
      fetchFile: async (name) => {
        this.asked.push(name);
        return this.node(Number(/\d+/.exec(name)?.[0]));
      },
      figures: this.figures,
      aheadS: () => this.aheadS,
    });
    this.loader.join((owner, changed) => {
      this.#link = (peerId, channel) => {
        const link = new PeerLink(peerId, channel, {
          ...owner,
          ended: (ended, offence) => {
            this.#links.splice(this.#links.indexOf(ended), 1);
            if (offence !== undefined) this.offences.push(offence);
            changed();
          },
        });
        this.#links.push(link);
        changed();
      };
      return { selfId, links: this.#links, close: () => undefined } as unknown as Swarm;
    });
  }

  get peers(): number {
    return this.#links.length;
  }

  meet(peerId: string, channel: WireChannel): void {
    this.#link(peerId, channel);
  }

  load(
    number: number,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.loader.load(nameOf(number), signal);
  }

  /** The host has made the recording again: from now on these bytes are what is signed. */
  remake(number: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.signed.set(nameOf(number), signedFileOf(bytes));
    this.node = () => bytes;
  }
}

/** Connects two viewers. */
export function connect(one: TestViewer, other: TestViewer, ids = ['peer-one', 'peer-two']): void {
  const [a, b] = channelPair();
  one.meet(ids[1] ?? '', a);
  other.meet(ids[0] ?? '', b);
}
