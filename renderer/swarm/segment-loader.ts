import { ProtocolError } from '../../protocol/errors.ts';
import { SWARM_WIRE } from '../../protocol/swarm-wire.ts';
import { isGenuine, type SignedFile, type SignedFiles } from '../replay/integrity/signed-files.ts';
import type { ExchangeStore } from './exchange-figures.ts';
import { answerWithinMs, fetcherOf, waitForOthersMs } from './fetch-policy.ts';
import { RequestFailed } from './incoming.ts';
import type { LinkOwner, PeerLink } from './peer-link.ts';
import { segmentNumber } from './segment-number.ts';
import { SegmentStore } from './segment-store.ts';
import type { Swarm } from './swarm.ts';

export interface SegmentLoaderOptions {
  /** What the host signed. */
  files: SignedFiles;
  /** A file from the node, `maxBytes` at most. Rejects with the node's refusal. */
  fetchFile: (
    name: string,
    maxBytes: number,
    signal: AbortSignal,
  ) => Promise<Uint8Array<ArrayBuffer>>;
  figures: ExchangeStore;
  /** Seconds of media that are left to play before the player stalls. */
  aheadS: () => number;
  store?: SegmentStore;
}

/**
 * Gets a recording's files, from other viewers or from its node. Nothing leaves it that the host
 * has not signed: neither to the player nor to other viewers. Who sent something else is closed.
 */
export class SegmentLoader {
  readonly #options: SegmentLoaderOptions;
  readonly #store: SegmentStore;
  readonly #fetching = new Set<number>();
  readonly #waiting = new Set<() => void>();
  #playing = 0;
  #swarm: Swarm | undefined;
  #telling = false;

  constructor(options: SegmentLoaderOptions) {
    this.#options = options;
    this.#store = options.store ?? new SegmentStore();
  }

  /** Exchanges segments with these viewers from now on. @param open makes the swarm */
  join(open: (owner: Omit<LinkOwner, 'ended'>, changed: () => void) => Swarm): void {
    this.leave();
    const { figures } = this.#options;
    const owner = {
      segment: (number: number) => this.#kept(number),
      told: () => this.#wake(),
      sent: (sizeBytes: number) =>
        figures.setState(({ bytesSent }) => ({ bytesSent: bytesSent + sizeBytes })),
    };
    this.#swarm = open(owner, () => this.#linksChanged());
  }

  /** Exchanges nothing any more: all comes from the node. */
  leave(): void {
    this.#swarm?.close();
    this.#swarm = undefined;
    this.#linksChanged();
  }

  /**
   * The bytes of a file as the host signed them. Rejects with the node's refusal, and with
   * `recording-damaged` where the node itself has something else.
   */
  async load(name: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const number = segmentNumber(name);
    const file = await this.#options.files.signedFile(name, signal);
    if (number === undefined) return this.#fromNode(name, file, signal);
    const kept = this.#kept(number);
    if (kept) return kept;
    this.#playing = number;
    this.#tellSoon();
    const bytes =
      (await this.#fromPeers(number, file, signal)) ??
      (await this.#fetch(name, number, file, signal));
    this.#store.put(number, { name, sha256: file.sha256, bytes });
    this.#tellSoon();
    return bytes;
  }

  /** What the host had signed for a recording that was made again since is not that any more. */
  #kept(number: number): Uint8Array<ArrayBuffer> | undefined {
    const kept = this.#store.get(number);
    return kept && this.#options.files.known(kept.name)?.sha256 === kept.sha256
      ? kept.bytes
      : undefined;
  }

  async #fetch(
    name: string,
    number: number,
    file: SignedFile,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    this.#fetching.add(number);
    this.#tellSoon();
    try {
      return await this.#fromNode(name, file, signal);
    } finally {
      this.#fetching.delete(number);
    }
  }

  async #fromNode(
    name: string,
    file: SignedFile,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { fetchFile, figures } = this.#options;
    const bytes = await fetchFile(name, file.sizeBytes, signal);
    if (!(await isGenuine(bytes, file))) {
      this.#countBad();
      throw new ProtocolError(
        'recording-damaged',
        'A part of this recording is not what its host signed. It is not played.',
      );
    }
    figures.setState(({ bytesFromNode }) => ({ bytesFromNode: bytesFromNode + bytes.length }));
    return bytes;
  }

  /** `undefined` where the node is to be asked: nobody has it in time, or it is ours to fetch. */
  async #fromPeers(
    number: number,
    file: SignedFile,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const asked = new Set<PeerLink>();
    const awaited = new Set<PeerLink>();
    const aheadS = this.#options.aheadS();
    const begunMs = performance.now();
    for (;;) {
      signal.throwIfAborted();
      const passedMs = Math.ceil(performance.now() - begunMs);
      const holder = this.#holderOf(number, asked);
      if (holder) {
        const withinMs = answerWithinMs(aheadS) - passedMs;
        if (withinMs <= 0) return undefined;
        asked.add(holder);
        if (awaited.delete(holder)) holder.fetches.kept();
        const bytes = await this.#ask(holder, number, file, withinMs, signal);
        if (bytes) return bytes;
        continue;
      }
      const leftMs = waitForOthersMs(aheadS) - passedMs;
      const fetchers = this.#fetchersOf(number);
      if (fetchers.length === 0) return undefined;
      for (const fetcher of fetchers) awaited.add(fetcher);
      if (leftMs <= 0) {
        for (const link of awaited) link.fetches.missed();
        return undefined;
      }
      await this.#news(leftMs, signal);
    }
  }

  async #ask(
    link: PeerLink,
    number: number,
    file: SignedFile,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
    try {
      const bytes = await link.request(number, file.sizeBytes, patience);
      if (await isGenuine(bytes, file)) {
        const { figures } = this.#options;
        figures.setState((was) => ({ bytesFromPeers: was.bytesFromPeers + bytes.length }));
        link.answers.kept();
        return bytes;
      }
      this.#countBad();
      link.close('sent a segment that the host did not sign');
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (patience.aborted && !signal.aborted) link.answers.missed();
    }
    return undefined;
  }

  /** Somebody who has it and can be asked, chosen at random: others ask as well. */
  #holderOf(number: number, asked: ReadonlySet<PeerLink>): PeerLink | undefined {
    const holders = this.#links().filter(
      (link) => link.has(number) && link.room > 0 && link.answers.isReliable && !asked.has(link),
    );
    return holders[Math.floor(Math.random() * holders.length)];
  }

  /** Who gets it from the node, or should; nobody where that is ours to do. */
  #fetchersOf(number: number): PeerLink[] {
    const links = this.#links().filter(({ fetches }) => fetches.isReliable);
    const fetching = links.filter((link) => link.isFetching(number));
    if (fetching.length > 0) return fetching;
    const fetcher = fetcherOf(this.#swarm?.selfId ?? '', links, number);
    return fetcher ? [fetcher] : [];
  }

  #links(): readonly PeerLink[] {
    return this.#swarm?.links ?? [];
  }

  #linksChanged(): void {
    this.#options.figures.setState({ peers: this.#links().length });
    this.#tellSoon();
    this.#wake();
  }

  /** Everybody, of all there is to tell by the end of this turn. */
  #tellSoon(): void {
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      const links = this.#links();
      if (links.length === 0) return;
      const ranges = this.#store.ranges().slice(-SWARM_WIRE.ranges);
      for (const link of links) {
        link.tell({ ranges, fetching: [...this.#fetching], playing: this.#playing });
      }
    });
  }

  #wake(): void {
    const woken = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of woken) wake();
  }

  /** Resolves when others have told something new, or after so long. */
  #news(withinMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      signal.addEventListener('abort', done);
      this.#waiting.add(done);
    });
  }

  #countBad(): void {
    this.#options.figures.setState(({ badSegments }) => ({ badSegments: badSegments + 1 }));
  }
}
