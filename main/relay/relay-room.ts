import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import { ProtocolError } from '../../protocol/errors.ts';
import {
  type ConsumeRequest,
  type DtlsParameters,
  MAX_PRODUCERS_PER_PEER,
  type ProduceRequest,
  type RelayConsumer,
  type RelayProducer,
  type RelaySession,
  type RelayTransport,
  type UpdateConsumersRequest,
} from '../../protocol/relay.ts';
import type { RelayWorker } from './relay-workers.ts';

/**
 * Frames are encrypted by their senders, for which a codec's packetizer has to be content with a
 * few clear bytes (`renderer/rooms/frame-encryption`): no others are forwarded.
 */
const MEDIA_CODECS: types.RtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    preferredPayloadType: 111,
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: 96 },
];

/** What a consumer starts with; what the path carries is found out from there. */
const INITIAL_BITRATE = 1_000_000;
/** People of one room on one worker; more are spread over the others. */
const PEERS_PER_ROUTER = 24;

interface RelayPeer {
  peerId: string;
  router: types.Router;
  send: types.WebRtcTransport;
  receive: types.WebRtcTransport;
  producers: Map<string, types.Producer>;
  consumers: Map<string, types.Consumer>;
}

/** What one peer may send at present. */
export interface SendRights {
  audio: boolean;
  video: boolean;
}

/** The media of one room: what its people send, and what of that each of them gets. */
export class RelayRoom extends EventEmitter<{ changed: [] }> {
  readonly #workers: readonly RelayWorker[];
  readonly #peersPerRouter: number;
  readonly #routers: { worker: RelayWorker; router: types.Router; peers: number }[] = [];
  readonly #peers = new Map<string, RelayPeer>();
  /** What moderators keep off, by peer. */
  readonly #rights = new Map<string, SendRights>();
  #opening: Promise<unknown> = Promise.resolve();

  /**
   * @param workers the first one carries the room, the others what is too much for it
   * @param peersPerRouter people on one worker; more are spread over the others
   */
  constructor(workers: readonly RelayWorker[], peersPerRouter = PEERS_PER_ROUTER) {
    super();
    this.#workers = workers;
    this.#peersPerRouter = peersPerRouter;
  }

  get producers(): RelayProducer[] {
    return [...this.#peers.values()].flatMap(({ peerId, producers }) =>
      [...producers.values()].map((producer) => ({
        producerId: producer.id,
        peerId,
        kind: producer.kind,
        paused: producer.paused,
        ...(typeof producer.appData.height === 'number' && { height: producer.appData.height }),
      })),
    );
  }

  get peerIds(): string[] {
    return [...this.#peers.keys()];
  }

  uses(worker: RelayWorker): boolean {
    return this.#routers.some((used) => used.worker === worker);
  }

  /** New transports for a peer; former ones are closed. */
  async open(peerId: string): Promise<RelaySession> {
    const opened = this.#opening.then(() => this.#open(peerId));
    this.#opening = opened.catch(() => undefined);
    return opened;
  }

  /** Throws `not-relayed` for a transport that is not this peer's. */
  async connect(peerId: string, transportId: string, dtls: DtlsParameters): Promise<void> {
    await valid(
      this.#transport(peerId, transportId).connect({
        dtlsParameters: dtls as types.DtlsParameters,
      }),
    );
  }

  async restartIce(peerId: string, transportId: string): Promise<RelayTransport['iceParameters']> {
    return this.#transport(peerId, transportId).restartIce();
  }

  /** Throws `rtp-invalid`, `rate-limited` for more tracks than a peer has. */
  async produce(peerId: string, request: ProduceRequest): Promise<string> {
    const { kind, rtpParameters, paused, height } = request;
    const peer = this.#peer(peerId);
    for (const former of [...peer.producers.values()]) {
      if (former.kind === kind) this.#closeProducer(peer, former);
    }
    if (peer.producers.size >= MAX_PRODUCERS_PER_PEER) {
      throw new ProtocolError('rate-limited', 'One camera and one microphone are forwarded.');
    }
    const producer = await valid(
      peer.send.produce({
        kind,
        rtpParameters: rtpParameters as types.RtpParameters,
        paused: paused ?? false,
        appData: { ...(paused && { paused }), ...(height !== undefined && { height }) },
      }),
    );
    peer.producers.set(producer.id, producer);
    producer.on('transportclose', () => peer.producers.delete(producer.id));
    await this.#applyRights(peerId, producer);
    this.emit('changed');
    return producer.id;
  }

  /** Throws `not-relayed` for a track that is not this peer's. */
  async setPaused(peerId: string, producerId: string, paused: boolean): Promise<void> {
    const producer = this.#producer(peerId, producerId);
    producer.appData.paused = paused;
    await this.#applyRights(peerId, producer);
    this.emit('changed');
  }

  closeProducer(peerId: string, producerId: string): void {
    this.#closeProducer(this.#peer(peerId), this.#producer(peerId, producerId));
    this.emit('changed');
  }

  /** Paused consumers of these tracks, but one's own and those that are gone by now. */
  async consume(
    peerId: string,
    { producerIds, rtpCapabilities }: ConsumeRequest,
  ): Promise<RelayConsumer[]> {
    const peer = this.#peer(peerId);
    const consumers: RelayConsumer[] = [];
    for (const producerId of new Set(producerIds)) {
      const from = this.#ownerOf(producerId);
      if (!from || from.peerId === peerId) continue;
      const caps = rtpCapabilities as types.RtpCapabilities;
      await this.#bring(producerId, from.router, peer.router);
      if (!peer.router.canConsume({ producerId, rtpCapabilities: caps })) {
        throw new ProtocolError('rtp-invalid', 'This browser can’t receive what is sent here.');
      }
      const consumer = await valid(
        peer.receive.consume({ producerId, rtpCapabilities: caps, paused: true }),
      );
      peer.consumers.set(consumer.id, consumer);
      const forget = () => peer.consumers.delete(consumer.id);
      consumer.on('transportclose', forget);
      consumer.on('producerclose', forget);
      consumers.push({
        consumerId: consumer.id,
        producerId,
        peerId: from.peerId,
        kind: consumer.kind,
        rtpParameters: consumer.rtpParameters as RelayConsumer['rtpParameters'],
      });
    }
    return consumers;
  }

  /** What is not there any more is passed over. */
  async updateConsumers(peerId: string, { consumers }: UpdateConsumersRequest): Promise<void> {
    const peer = this.#peer(peerId);
    for (const { consumerId, paused, spatialLayer } of consumers) {
      const consumer = peer.consumers.get(consumerId);
      if (!consumer) continue;
      if (spatialLayer !== undefined && consumer.type === 'simulcast') {
        await consumer.setPreferredLayers({ spatialLayer });
      }
      if (paused === true) await consumer.pause();
      if (paused === false) await consumer.resume();
    }
  }

  /** What a peer may send from now on; the rest is not forwarded, whatever it sends. */
  async setRights(peerId: string, rights: SendRights): Promise<void> {
    const known = this.#rights.get(peerId);
    if (known?.audio === rights.audio && known.video === rights.video) return;
    this.#rights.set(peerId, rights);
    const producers = [...(this.#peers.get(peerId)?.producers.values() ?? [])];
    for (const producer of producers) await this.#applyRights(peerId, producer);
    if (producers.length > 0) this.emit('changed');
  }

  /** Everything of a peer's is over. */
  remove(peerId: string): void {
    this.#rights.delete(peerId);
    const peer = this.#peers.get(peerId);
    if (!peer) return;
    this.#peers.delete(peerId);
    for (const transport of [peer.send, peer.receive]) transport.close();
    const used = this.#routers.find(({ router }) => router === peer.router);
    if (used) used.peers -= 1;
    this.emit('changed');
  }

  close(): void {
    this.#peers.clear();
    for (const { worker, router } of this.#routers) {
      worker.rooms -= 1;
      router.close();
    }
    this.#routers.length = 0;
  }

  async #open(peerId: string): Promise<RelaySession> {
    this.remove(peerId);
    const place = await this.#placeFor();
    const make = () =>
      place.router.createWebRtcTransport({
        webRtcServer: place.worker.server,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: INITIAL_BITRATE,
      });
    const [send, receive] = await Promise.all([make(), make()]);
    place.peers += 1;
    this.#peers.set(peerId, {
      ...{ peerId, router: place.router, send, receive },
      producers: new Map(),
      consumers: new Map(),
    });
    return {
      routerRtpCapabilities: place.router.rtpCapabilities as RelaySession['routerRtpCapabilities'],
      send: parametersOf(send),
      receive: parametersOf(receive),
      producers: this.producers,
    };
  }

  async #placeFor() {
    const roomy = this.#routers.find(({ peers }) => peers < this.#peersPerRouter);
    if (roomy) return roomy;
    const worker = this.#workers[this.#routers.length % this.#workers.length];
    if (!worker) throw relayAway();
    const router = await worker.worker.createRouter({ mediaCodecs: MEDIA_CODECS });
    worker.rooms += 1;
    const place = { worker, router, peers: 0 };
    this.#routers.push(place);
    return place;
  }

  /** A track of somebody on another worker comes over once, however many want it there. */
  async #bring(producerId: string, from: types.Router, to: types.Router): Promise<void> {
    if (from === to) return;
    try {
      await from.pipeToRouter({ producerId, router: to });
    } catch (error) {
      // Two who asked at the same time: it is there already.
      if (!to.canConsume({ producerId, rtpCapabilities: to.rtpCapabilities })) throw error;
    }
  }

  /** A moderator's word and the sender's own: both have to allow it. */
  async #applyRights(peerId: string, producer: types.Producer): Promise<void> {
    const isHeld = this.#rights.get(peerId)?.[producer.kind] === false;
    if (isHeld || producer.appData.paused === true) await producer.pause();
    else await producer.resume();
  }

  #closeProducer(peer: RelayPeer, producer: types.Producer): void {
    peer.producers.delete(producer.id);
    producer.close();
  }

  #ownerOf(producerId: string): RelayPeer | undefined {
    return [...this.#peers.values()].find(({ producers }) => producers.has(producerId));
  }

  #peer(peerId: string): RelayPeer {
    const peer = this.#peers.get(peerId);
    if (peer) return peer;
    throw new ProtocolError('not-relayed', 'Open a session with the relay first.');
  }

  #transport(peerId: string, transportId: string): types.WebRtcTransport {
    const { send, receive } = this.#peer(peerId);
    const transport = [send, receive].find(({ id }) => id === transportId);
    if (transport) return transport;
    throw new ProtocolError('not-relayed', 'You have no such transport. Open a session anew.');
  }

  #producer(peerId: string, producerId: string): types.Producer {
    const producer = this.#peer(peerId).producers.get(producerId);
    if (producer) return producer;
    throw new ProtocolError('not-relayed', 'You send no such track.');
  }
}

function parametersOf(transport: types.WebRtcTransport): RelayTransport {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
  return { id, iceParameters, iceCandidates, dtlsParameters };
}

/** mediasoup refuses what makes no sense as RTP or DTLS with a `TypeError` and its own words. */
async function valid<T>(made: Promise<T>): Promise<T> {
  return made.catch((cause: unknown) => {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(
      new ProtocolError('rtp-invalid', `The relay can’t use these parameters: ${detail}.`),
      { cause },
    );
  });
}

/** The refusal where there is no worker to relay with. */
export function relayAway(): ProtocolError {
  return new ProtocolError(
    'relay-unavailable',
    'This node can’t relay at present. The room goes on from person to person.',
  );
}
