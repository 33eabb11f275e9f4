import type Hls from 'hls.js';
import type { ErrorData } from 'hls.js';
import { createStore } from 'zustand/vanilla';
import { ProtocolError } from '../../protocol/errors.ts';
import type { SwarmTicket } from '../../protocol/swarm.ts';
import { reconnectDelay } from '../rooms/reconnect-delay.ts';
import { createExchangeStore } from '../swarm/exchange-figures.ts';
import { SegmentLoader } from '../swarm/segment-loader.ts';
import { MAX_OFFENDERS, Swarm } from '../swarm/swarm.ts';
import { TicketKeeper } from '../swarm/ticket-keeper.ts';
import { CopiedFiles } from './copied-files.ts';
import { fragmentLoaderOf } from './hls-fragment-loader.ts';
import { keyLoaderOf } from './hls-key-loader.ts';
import { ManifestFiles } from './integrity/manifest-files.ts';
import type { ExpectedRecording } from './integrity/signed-files.ts';
import { folderUrl, NodeFiles } from './node-files.ts';
import { viewerId } from './viewer-id.ts';

/** What is played, and from where. */
export interface PlaybackSource extends ExpectedRecording {
  /** The node, e.g. `http://127.0.0.1:41234`; empty for the page's own origin. */
  baseUrl: string;
  /** Path on the node, e.g. `/replays/rec_…/index.m3u8`. */
  playlistUrl: string;
  /** The recording is still being made. */
  isLive: boolean;
  /** Origins of nodes that have a copy, which can be asked without a session. */
  copies?: readonly string[];
}

export interface PlaybackOptions {
  source: PlaybackSource;
  token: () => Promise<string | undefined>;
  /** A ticket to exchange segments with others. @param last the window's last one's token */
  ticket: (last: string | undefined) => Promise<SwarmTicket>;
  /** Rejects with the node's refusal where there is one; asked when the player stops by itself. */
  whyStopped: () => Promise<unknown>;
  /** Gets the segment key where the node does not have it itself. */
  segmentKey?: ((files: NodeFiles) => Promise<Uint8Array<ArrayBuffer>>) | undefined;
  /** Viewers that broke a rule on this page; none of them is taken again. */
  offenders: Set<string>;
  /** Where to begin, in seconds; by default at the beginning, or at what is live. */
  startS?: number | undefined;
}

export type PlaybackStatus =
  | { status: 'loading' }
  | { status: 'ready' }
  /** The node can't be reached; it is tried again by itself. */
  | { status: 'reconnecting' }
  | { status: 'failed'; code: string; message: string };

export interface PlaybackState {
  player: PlaybackStatus;
  /** More is still being added. */
  isLive: boolean;
  /** The newest that can be played, in seconds from the beginning; only while it is live. */
  liveEdgeS: number | undefined;
  /** The node whose copy is played while the recording's own is away. */
  copyOrigin: string | undefined;
}

/**
 * How far behind the newest segment a live player stays, in seconds: time to get the next from
 * another viewer.
 */
const LIVE_DELAY_S = 6;

const UNSUPPORTED =
  'This browser can not play the recording. Open the page in a current Chrome, Edge, Firefox or Safari.';
const UNPLAYABLE =
  'The recording can not be played here. Try again, or open it in another browser.';

/** Plays one recording in one video element: hls.js, fed with what the host signed and no more. */
export class Playback {
  readonly state = createStore<PlaybackState>(() => ({
    player: { status: 'loading' },
    isLive: false,
    liveEdgeS: undefined,
    copyOrigin: undefined,
  }));
  readonly exchange = createExchangeStore();
  readonly #video: HTMLVideoElement;
  readonly #options: PlaybackOptions;
  readonly #node: NodeFiles;
  readonly #loader: SegmentLoader;
  readonly #tickets: TicketKeeper;
  #hls: Hls | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #hasRecovered = false;
  #refusal: ProtocolError | undefined;
  #isClosed = false;

  constructor(video: HTMLVideoElement, options: PlaybackOptions) {
    const { source, token } = options;
    this.#video = video;
    this.#options = options;
    this.state.setState({ isLive: source.isLive });
    const node = new NodeFiles(folderUrl(source.baseUrl, source.playlistUrl), token);
    this.#node = node;
    const files = new CopiedFiles({
      own: node,
      copies: (source.copies ?? []).map((origin) => ({
        origin,
        files: new NodeFiles(folderUrl(origin, source.playlistUrl), async () => undefined),
      })),
      from: (copyOrigin) => this.#playsFrom(copyOrigin),
    });
    this.#loader = new SegmentLoader({
      files: new ManifestFiles(source, (name, signal) => node.json(name, signal), source.isLive),
      fetchFile: (name, maxBytes, signal) => files.bytes(name, maxBytes, signal),
      figures: this.exchange,
      aheadS: () => aheadS(video),
    });
    this.#tickets = new TicketKeeper(options.ticket);
  }

  /** Begins to play. */
  start(HlsClass: typeof Hls): void {
    if (!HlsClass.isSupported()) {
      this.#fail('unsupported', UNSUPPORTED);
      return;
    }
    const { token, startS, segmentKey } = this.#options;
    // Segments are fMP4 already: there is nothing to transmux that would be worth a worker.
    const hls = new HlsClass({
      enableWorker: false,
      startPosition: startS ?? -1,
      liveSyncDuration: LIVE_DELAY_S,
      fLoader: fragmentLoaderOf((name, signal) => this.#load(name, signal)),
      ...(segmentKey && {
        loader: keyLoaderOf(HlsClass.DefaultConfig.loader, () => this.#openKey(segmentKey)),
      }),
      async xhrSetup(xhr, url) {
        const bearer = await token();
        xhr.open('GET', url, true);
        if (bearer !== undefined) xhr.setRequestHeader('authorization', `Bearer ${bearer}`);
      },
    });
    this.#hls = hls;
    hls.on(HlsClass.Events.LEVEL_UPDATED, (_event, { details }) => {
      this.#attempt = 0;
      const { live, edge } = details;
      this.state.setState({
        player: { status: 'ready' },
        isLive: live,
        liveEdgeS: live ? edge : undefined,
      });
    });
    hls.on(HlsClass.Events.FRAG_BUFFERED, () => {
      this.#attempt = 0;
      if (this.state.getState().player.status === 'reconnecting') {
        this.state.setState({ player: { status: 'ready' } });
      }
    });
    hls.on(HlsClass.Events.ERROR, (_event, data) => {
      if (data.fatal) this.#stopped(data);
    });
    hls.loadSource(this.#playlistUrl);
    hls.attachMedia(this.#video);
  }

  get #playlistUrl(): string {
    const { baseUrl, playlistUrl } = this.#options.source;
    return `${baseUrl}${playlistUrl}?viewer=${viewerId()}`;
  }

  /** Exchanges segments with other viewers, or has all of them from the node. */
  setSharing(on: boolean): void {
    if (this.#isClosed || this.state.getState().player.status === 'failed') return;
    if (!on) {
      this.exchange.setState({ paused: 'switched-off' });
      this.#loader.leave();
      return;
    }
    if (typeof RTCPeerConnection === 'undefined') {
      this.exchange.setState({ paused: 'unsupported' });
      return;
    }
    if (this.#options.offenders.size >= MAX_OFFENDERS) {
      this.exchange.setState({ paused: 'too-many-offenders' });
      return;
    }
    this.exchange.setState({ paused: undefined });
    const { baseUrl } = this.#options.source;
    const url = new URL(`${baseUrl}/tracker`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    this.#loader.join(
      (owner, changed) =>
        new Swarm({
          trackerUrl: url.href,
          ticket: () => this.#tickets.ticket(),
          owner,
          changed,
          offenders: this.#options.offenders,
          ended: ({ code }) => {
            this.exchange.setState({ paused: code });
            this.#loader.leave();
          },
        }),
    );
  }

  /** Goes to the newest that can be played. */
  goLive(): void {
    const { liveEdgeS } = this.state.getState();
    const at = this.#hls?.liveSyncPosition ?? liveEdgeS;
    if (at !== undefined && at !== null) this.#video.currentTime = at;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#loader.leave();
    this.#hls?.destroy();
  }

  async #load(name: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await this.#loader.load(name, signal);
    } catch (error) {
      if (error instanceof ProtocolError) this.#refusal = error;
      throw error;
    }
  }

  async #openKey(
    open: (files: NodeFiles) => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return await open(this.#node);
    } catch (error) {
      if (error instanceof ProtocolError) this.#refusal = error;
      throw error;
    }
  }

  #playsFrom(copyOrigin: string | undefined): void {
    if (this.state.getState().copyOrigin !== copyOrigin) this.state.setState({ copyOrigin });
  }

  #stopped(data: ErrorData): void {
    console.info('The player stopped.', data.details, data.reason ?? data.response?.text);
    if (data.type === 'mediaError' && !this.#hasRecovered) {
      this.#hasRecovered = true;
      this.#hls?.recoverMediaError();
      return;
    }
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal) this.#fail(refusal.code, refusal.message);
    else if (data.type === 'networkError') void this.#askWhy();
    else this.#fail('unplayable', UNPLAYABLE);
  }

  /** A node that refuses says so; one that can't be reached, or has nothing yet, is tried again. */
  async #askWhy(): Promise<void> {
    try {
      await this.#options.whyStopped();
    } catch (error) {
      if (this.#isClosed) return;
      if (error instanceof ProtocolError && error.code !== 'internal') {
        this.#fail(error.code, error.message);
        return;
      }
    }
    if (this.#isClosed) return;
    this.state.setState({ player: { status: 'reconnecting' } });
    this.#timer = setTimeout(() => this.#tryAgain(), reconnectDelay.delayMs(this.#attempt++));
  }

  #tryAgain(): void {
    if (!this.#hls) return;
    if (this.#hls.levels.length === 0) this.#hls.loadSource(this.#playlistUrl);
    else this.#hls.startLoad(this.#video.currentTime);
  }

  #fail(code: string, message: string): void {
    this.#loader.leave();
    this.#hls?.destroy();
    this.#hls = undefined;
    this.state.setState({ player: { status: 'failed', code, message } });
  }
}

/** Seconds that are buffered after the play position. */
function aheadS({ buffered, currentTime }: HTMLVideoElement): number {
  for (let range = 0; range < buffered.length; range += 1) {
    // A player that was sent to a moment may stand a little before what it has.
    const holds = buffered.start(range) <= currentTime + 0.2 && currentTime <= buffered.end(range);
    if (holds) return buffered.end(range) - currentTime;
  }
  return 0;
}
