import { lookup } from 'node:dns/promises';
import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import type {
  ConsumeRequest,
  DtlsParameters,
  RelayTransport,
  RtpCapabilities,
  UpdateConsumersRequest,
} from '../../protocol/relay.ts';
import { notRelayed, relayAway } from './relay-errors.ts';
import type {
  PipedTrack,
  PipeEnd,
  PlacedConsumer,
  PlacedPeer,
  PlacedTrack,
  RelayPlace,
} from './relay-place.ts';
import type { RelayWorker, RelayWorkers } from './relay-workers.ts';

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

interface Peer {
  send: types.WebRtcTransport;
  receive: types.WebRtcTransport;
  consumers: Map<string, types.Consumer>;
}

/** A room's router in a worker of this node's. */
export class WorkerPlace extends EventEmitter<{ lost: [] }> implements RelayPlace {
  readonly placeId = nanoid(12);
  readonly #workers: RelayWorkers;
  readonly #worker: RelayWorker;
  readonly #router: types.Router;
  readonly #roomId: string;
  readonly #peers = new Map<string, Peer>();
  /** Of the peers, and what came by pipes. */
  readonly #producers = new Map<string, types.Producer>();
  /** By the place they go to. */
  readonly #pipes = new Map<string, types.PipeTransport>();

  private constructor(
    workers: RelayWorkers,
    worker: RelayWorker,
    router: types.Router,
    roomId: string,
  ) {
    super();
    this.#workers = workers;
    this.#worker = worker;
    this.#router = router;
    this.#roomId = roomId;
    worker.rooms.push(roomId);
    workers.on('died', this.#workerDied);
  }

  /** On the worker that is best for one more of this room. Rejects with `relay-unavailable`. */
  static async open(workers: RelayWorkers, roomId: string): Promise<WorkerPlace> {
    const worker = workers.leastUsed(roomId);
    if (!worker) throw relayAway();
    const router = await asked(worker.worker.createRouter({ mediaCodecs: MEDIA_CODECS }));
    return new WorkerPlace(workers, worker, router, roomId);
  }

  get routerRtpCapabilities(): RtpCapabilities {
    return this.#router.rtpCapabilities as RtpCapabilities;
  }

  async openPeer(peerId: string): Promise<PlacedPeer> {
    const make = () =>
      this.#router.createWebRtcTransport({
        webRtcServer: this.#worker.server,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        initialAvailableOutgoingBitrate: INITIAL_BITRATE,
      });
    const [send, receive] = await asked(Promise.all([make(), make()]));
    await this.closePeer(peerId);
    this.#peers.set(peerId, { send, receive, consumers: new Map() });
    return { send: parametersOf(send), receive: parametersOf(receive) };
  }

  async closePeer(peerId: string): Promise<null> {
    const peer = this.#peers.get(peerId);
    this.#peers.delete(peerId);
    peer?.send.close();
    peer?.receive.close();
    return null;
  }

  async connect(peerId: string, transportId: string, dtls: DtlsParameters): Promise<null> {
    const transport = this.#transport(peerId, transportId);
    await valid(transport.connect({ dtlsParameters: dtls as types.DtlsParameters }));
    return null;
  }

  async restartIce(peerId: string, transportId: string): Promise<RelayTransport['iceParameters']> {
    return asked(this.#transport(peerId, transportId).restartIce());
  }

  async produce(peerId: string, track: PlacedTrack): Promise<string> {
    const { kind, rtpParameters, paused } = track;
    const producer = await valid(
      this.#peer(peerId).send.produce({
        ...{ kind, paused },
        rtpParameters: rtpParameters as types.RtpParameters,
      }),
    );
    this.#keep(producer);
    return producer.id;
  }

  async setPaused(producerId: string, paused: boolean): Promise<null> {
    const producer = this.#producers.get(producerId);
    if (producer) await asked(paused ? producer.pause() : producer.resume());
    return null;
  }

  async closeProducer(producerId: string): Promise<null> {
    this.#producers.get(producerId)?.close();
    this.#producers.delete(producerId);
    return null;
  }

  async consume(
    peerId: string,
    { producerIds, rtpCapabilities }: ConsumeRequest,
  ): Promise<PlacedConsumer[]> {
    const peer = this.#peer(peerId);
    const caps = rtpCapabilities as types.RtpCapabilities;
    const consumers: PlacedConsumer[] = [];
    for (const producerId of producerIds) {
      if (!this.#producers.has(producerId)) continue;
      if (!this.#router.canConsume({ producerId, rtpCapabilities: caps })) {
        throw new ProtocolError('rtp-invalid', 'This browser can’t receive what is sent here.');
      }
      const consumer = await valid(
        peer.receive.consume({ producerId, rtpCapabilities: caps, paused: true }),
      );
      peer.consumers.set(consumer.id, consumer);
      const forget = () => peer.consumers.delete(consumer.id);
      consumer.on('transportclose', forget);
      consumer.on('producerclose', forget);
      const { id: consumerId, kind } = consumer;
      const rtpParameters = consumer.rtpParameters as PlacedConsumer['rtpParameters'];
      consumers.push({ consumerId, producerId, kind, rtpParameters });
    }
    return consumers;
  }

  async updateConsumers(peerId: string, { consumers }: UpdateConsumersRequest): Promise<null> {
    const peer = this.#peer(peerId);
    for (const { consumerId, paused, spatialLayer } of consumers) {
      const consumer = peer.consumers.get(consumerId);
      if (!consumer) continue;
      try {
        if (spatialLayer !== undefined && consumer.type === 'simulcast') {
          await asked(consumer.setPreferredLayers({ spatialLayer }));
        }
        if (paused === true) await asked(consumer.pause());
        if (paused === false) await asked(consumer.resume());
      } catch (error) {
        // Its track ended meanwhile.
        if (!consumer.closed) throw error;
      }
    }
    return null;
  }

  async openPipe(toPlaceId: string): Promise<PipeEnd> {
    const pipe = await asked(
      this.#router.createPipeTransport({
        listenInfo: this.#workers.pipeListenInfo,
        enableRtx: true,
        enableSrtp: true,
      }),
    );
    this.#pipes.get(toPlaceId)?.close();
    this.#pipes.set(toPlaceId, pipe);
    const { localAddress: address, localPort: port } = pipe.tuple;
    if (!pipe.srtpParameters) throw new Error('A pipe has no key.');
    return { address, port, srtpParameters: pipe.srtpParameters };
  }

  async connectPipe(toPlaceId: string, end: PipeEnd): Promise<null> {
    const { address: ip } = await lookup(end.address);
    const { port, srtpParameters } = end;
    await asked(this.#pipe(toPlaceId).connect({ ip, port, srtpParameters }));
    return null;
  }

  async closePipe(toPlaceId: string): Promise<null> {
    this.#pipes.get(toPlaceId)?.close();
    this.#pipes.delete(toPlaceId);
    return null;
  }

  async sendByPipe(toPlaceId: string, producerId: string): Promise<PipedTrack> {
    if (!this.#producers.has(producerId)) throw notRelayed('This track has ended.');
    const { kind, rtpParameters, producerPaused } = await asked(
      this.#pipe(toPlaceId).consume({ producerId }),
    );
    return {
      ...{ producerId, kind, paused: producerPaused },
      rtpParameters: rtpParameters as PipedTrack['rtpParameters'],
    };
  }

  async receiveByPipe(fromPlaceId: string, track: PipedTrack): Promise<null> {
    const { producerId: id, kind, paused, rtpParameters } = track;
    const parameters = rtpParameters as types.RtpParameters;
    const pipe = this.#pipe(fromPlaceId);
    this.#keep(await asked(pipe.produce({ id, kind, paused, rtpParameters: parameters })));
    return null;
  }

  close(): void {
    this.#workers.off('died', this.#workerDied);
    const { rooms } = this.#worker;
    const at = rooms.indexOf(this.#roomId);
    if (at >= 0) rooms.splice(at, 1);
    this.#router.close();
  }

  readonly #workerDied = (worker: RelayWorker): void => {
    if (worker === this.#worker) this.emit('lost');
  };

  #keep(producer: types.Producer): void {
    this.#producers.set(producer.id, producer);
    producer.on('transportclose', () => this.#producers.delete(producer.id));
  }

  #peer(peerId: string): Peer {
    const peer = this.#peers.get(peerId);
    if (peer) return peer;
    throw notRelayed('Open a session with the relay first.');
  }

  #transport(peerId: string, transportId: string): types.WebRtcTransport {
    const { send, receive } = this.#peer(peerId);
    const transport = [send, receive].find(({ id }) => id === transportId);
    if (transport) return transport;
    throw notRelayed('You have no such transport. Open a session anew.');
  }

  #pipe(placeId: string): types.PipeTransport {
    const pipe = this.#pipes.get(placeId);
    if (pipe) return pipe;
    throw relayAway();
  }
}

function parametersOf(transport: types.WebRtcTransport): RelayTransport {
  const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
  return { id, iceParameters, iceCandidates, dtlsParameters };
}

/** A worker that has just died refuses what is asked of it with an error of its own. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((cause: unknown) => {
    throw isGone(cause) ? Object.assign(relayAway(), { cause }) : cause;
  });
}

/** mediasoup refuses what makes no sense as RTP or DTLS with a `TypeError` and its own words. */
async function valid<T>(made: Promise<T>): Promise<T> {
  return asked(made).catch((cause: unknown) => {
    if (cause instanceof ProtocolError) throw cause;
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(
      new ProtocolError('rtp-invalid', `The relay can’t use these parameters: ${detail}.`),
      { cause },
    );
  });
}

function isGone(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidStateError';
}
