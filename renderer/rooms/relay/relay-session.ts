import type { types } from 'mediasoup-client';
import type { RelaySession as RelayOpening, RelayProducer } from '../../../protocol/relay.ts';
import { Emitter } from '../emitter.ts';
import type { FrameTransforms } from '../frame-transforms.ts';
import type { LocalTracks } from '../mesh-senders.ts';
import { chooseLayer, type LayerChoice, SIMULCAST } from './layers.ts';
import type { RelayApi } from './relay-api.ts';

const KINDS = ['audio', 'video'] as const;
type Kind = (typeof KINDS)[number];

/** Something a relay forwards to us. */
export interface RelayedTrack {
  peerId: string;
  kind: Kind;
  track: MediaStreamTrack;
}

export interface RelaySessionEvents {
  track: RelayedTrack;
  /** It does not come any more. */
  gone: { peerId: string; kind: Kind };
  /** Told once: the session is over, and another one has to be opened. */
  failed: { reason: string };
}

/** Something that is forwarded to us, and what of it was asked for last. */
interface Received {
  consumer: types.Consumer;
  peerId: string;
  choice?: LayerChoice;
}

export interface RelaySessionOptions {
  selfPeerId: string;
  api: RelayApi;
  /** Makes the device (mediasoup-client); the browser's own unless told otherwise. */
  createDevice?: () => Promise<types.Device>;
  /** What frames pass through: they leave encrypted, and come so. */
  frames: FrameTransforms;
  tracks: LocalTracks;
  iceServers: readonly RTCIceServer[];
}

/** Media over a relay, from its opening until it fails or is stopped; never reused. */
export class RelaySession extends Emitter<RelaySessionEvents> {
  readonly #options: RelaySessionOptions;
  #device: types.Device | undefined;
  #send: types.Transport | undefined;
  #receive: types.Transport | undefined;
  readonly #producers: Partial<Record<Kind, types.Producer>> = {};
  /** By producer. */
  readonly #consumers = new Map<string, Received>();
  #producersThere = new Map<string, RelayProducer>();
  /** How high each peer's picture is shown, in device pixels. */
  readonly #shown = new Map<string, number>();
  #tracks: LocalTracks;
  #isOver = false;
  /**
   * Of each transport one change after the other: mediasoup-client negotiates with itself. What is
   * sent does not wait for what is received, nor the other way round.
   */
  readonly #tails = { send: Promise.resolve(), receive: Promise.resolve() };

  constructor(options: RelaySessionOptions) {
    super();
    this.#options = options;
    this.#tracks = options.tracks;
  }

  /** Opens it; rejects with the node's refusal. */
  async start(): Promise<void> {
    const { api, createDevice = newDevice } = this.#options;
    const [device, opening] = await Promise.all([createDevice(), api.open()]);
    if (this.#isOver) return;
    this.#device = device;
    await device.load({
      routerRtpCapabilities: opening.routerRtpCapabilities as types.RtpCapabilities,
    });
    this.#connect(device, opening);
    this.#queue('send', () => this.#sendTracks());
    this.producersChanged(opening.producers);
  }

  /** Sends these tracks instead of the former ones. */
  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    this.#queue('send', () => this.#sendTracks());
  }

  /** All tracks that are sent to the relay now. */
  producersChanged(producers: readonly RelayProducer[]): void {
    this.#queue('receive', () => this.#follow(producers));
  }

  /**
   * How high a peer's picture is shown here, in device pixels: it comes no larger than that needs,
   * and not at all while it is 0.
   */
  setShown(peerId: string, heightPx: number): void {
    this.#shown.set(peerId, heightPx);
    this.#queue('receive', () => this.#chooseLayers());
  }

  /** Of one peer's tracks, or of all that comes. */
  async stats(peerId?: string): Promise<RTCStatsReport | undefined> {
    if (peerId === undefined) return this.#receive?.getStats();
    const own = [...this.#consumers.values()].filter((known) => known.peerId === peerId);
    const reports = await Promise.all(own.map(({ consumer }) => consumer.getStats()));
    return new Map(reports.flatMap((report) => [...report.entries()]));
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#send?.close();
    this.#receive?.close();
  }

  #connect(device: types.Device, opening: RelayOpening): void {
    const { api, iceServers } = this.#options;
    const settings = { iceServers: [...iceServers] };
    const send = device.createSendTransport({ ...asOptions(opening.send), ...settings });
    const receive = device.createRecvTransport({ ...asOptions(opening.receive), ...settings });
    for (const transport of [send, receive]) {
      transport.on('connect', ({ dtlsParameters }, done, failed) => {
        api
          .connect(transport.id, dtlsParameters as RelayOpening['send']['dtlsParameters'])
          .then(done, failed);
      });
      transport.on('connectionstatechange', (state) => this.#pathChanged(transport, state));
    }
    send.on('produce', ({ kind, rtpParameters }, done, failed) => {
      const height = kind === 'video' ? this.#tracks.video?.getSettings().height : undefined;
      const request = {
        ...{ kind, rtpParameters },
        ...(height !== undefined && { height }),
      } as Parameters<RelayApi['produce']>[0];
      api.produce(request).then((id) => done({ id }), failed);
    });
    this.#send = send;
    this.#receive = receive;
  }

  #pathChanged(transport: types.Transport, state: types.ConnectionState): void {
    if (this.#isOver || state !== 'failed') return;
    this.#queue(transport === this.#send ? 'send' : 'receive', async () => {
      const iceParameters = await this.#options.api.restartIce(transport.id);
      await transport.restartIce({ iceParameters: iceParameters as types.IceParameters });
    });
  }

  async #sendTracks(): Promise<void> {
    for (const kind of KINDS) {
      const track = this.#tracks[kind];
      const producer = this.#producers[kind];
      if (producer && !producer.closed) {
        if (producer.track !== (track ?? null))
          await producer.replaceTrack({ track: track ?? null });
      } else if (track && this.#send) {
        this.#producers[kind] = await this.#produce(this.#send, kind, track);
      }
    }
  }

  async #produce(
    send: types.Transport,
    kind: Kind,
    track: MediaStreamTrack,
  ): Promise<types.Producer> {
    const { frames } = this.#options;
    return send.produce({
      track,
      // The stream is the app's: what it does with its tracks is its business.
      ...{ stopTracks: false, disableTrackOnPause: false, zeroRtpOnPause: true },
      onRtpSender: (sender) => frames.protect?.(sender, ''),
      ...(kind === 'video'
        ? { encodings: SIMULCAST, codecOptions: { videoGoogleStartBitrate: 800 } }
        : { codecOptions: { opusDtx: true, opusFec: true, opusStereo: false } }),
    });
  }

  async #follow(producers: readonly RelayProducer[]): Promise<void> {
    const { selfPeerId } = this.#options;
    const others = producers.filter(({ peerId }) => peerId !== selfPeerId);
    const wanted = new Map(others.map((producer) => [producer.producerId, producer]));
    this.#producersThere = wanted;
    for (const [producerId, { consumer, peerId }] of this.#consumers) {
      if (wanted.has(producerId)) continue;
      this.#consumers.delete(producerId);
      consumer.close();
      this.emit('gone', { peerId, kind: consumer.kind });
    }
    const missing = [...wanted.keys()].filter((producerId) => !this.#consumers.has(producerId));
    if (missing.length > 0) await this.#consume(missing);
  }

  async #consume(producerIds: string[]): Promise<void> {
    const { api, frames } = this.#options;
    const device = this.#device;
    const receive = this.#receive;
    if (!device || !receive) return;
    const rtpCapabilities = device.recvRtpCapabilities as Parameters<
      RelayApi['consume']
    >[0]['rtpCapabilities'];
    const consumers = await api.consume({ producerIds, rtpCapabilities });
    await Promise.all(
      consumers.map(async ({ consumerId: id, producerId, peerId, kind, rtpParameters }) => {
        const consumer = await receive.consume({
          ...{ id, producerId, kind },
          rtpParameters: rtpParameters as types.RtpParameters,
          streamId: peerId,
          // Chromium feeds a receiver's transform only where that was set before the answer.
          onRtpReceiver: (receiver) => frames.open(receiver, peerId),
        });
        this.#consumers.set(producerId, { consumer, peerId });
      }),
    );
    // Only now: a keyframe that came before would be one that nobody shows.
    await api.updateConsumers({
      consumers: consumers.map(({ consumerId }) => ({ consumerId, paused: false })),
    });
    for (const { producerId, peerId } of consumers) {
      const consumer = this.#consumers.get(producerId)?.consumer;
      if (!consumer) continue;
      this.emit('track', { peerId, kind: consumer.kind, track: consumer.track });
    }
  }

  async #chooseLayers(): Promise<void> {
    const changes: Parameters<RelayApi['updateConsumers']>[0]['consumers'] = [];
    for (const [producerId, received] of this.#consumers) {
      const heightPx = this.#shown.get(received.peerId);
      if (received.consumer.kind !== 'video' || heightPx === undefined) continue;
      const choice = chooseLayer(heightPx, this.#producersThere.get(producerId)?.height);
      const { choice: former } = received;
      if (former?.paused === choice.paused && former.spatialLayer === choice.spatialLayer) continue;
      received.choice = choice;
      changes.push({ consumerId: received.consumer.id, ...choice });
    }
    if (changes.length > 0) await this.#options.api.updateConsumers({ consumers: changes });
  }

  #queue(of: 'send' | 'receive', work: () => Promise<void>): void {
    this.#tails[of] = this.#tails[of].then(async () => {
      if (this.#isOver) return;
      try {
        await work();
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    console.warn('The relay failed.', error);
    this.stop();
    this.emit('failed', { reason: error instanceof Error ? error.message : String(error) });
  }
}

async function newDevice(): Promise<types.Device> {
  const { Device } = await import('mediasoup-client');
  return Device.factory();
}

function asOptions(transport: RelayOpening['send']): types.TransportOptions {
  return transport as types.TransportOptions;
}
