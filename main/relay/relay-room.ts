import { EventEmitter } from 'node:events';
import type {
  ConsumeRequest,
  DtlsParameters,
  ProduceRequest,
  RelayConsumer,
  RelayProducer,
  RelaySession,
  RelayTransport,
  UpdateConsumersRequest,
} from '../../protocol/relay.ts';
import { notRelayed, relayAway } from './relay-errors.ts';
import { RelayPipes } from './relay-pipes.ts';
import type { RelayPlace } from './relay-place.ts';

/** People of one room at one place; more are spread over others. */
const PEERS_PER_PLACE = 24;

/** What a peer sends. */
interface Producer {
  readonly producerId: string;
  readonly kind: RelayProducer['kind'];
  readonly height: number | undefined;
  /** By its sender. */
  isPaused: boolean;
}

interface Peer {
  readonly peerId: string;
  readonly used: UsedPlace;
  readonly producers: Map<string, Producer>;
  /** What it sends is changed one thing after the other. */
  tail: Promise<unknown>;
}

/** A place, and how many people it has or is about to have. */
interface UsedPlace {
  readonly place: RelayPlace;
  /** `undefined` for this one. */
  readonly nodeId: string | undefined;
  peers: number;
}

/** What one peer may send at present. */
export interface SendRights {
  audio: boolean;
  video: boolean;
}

export interface RelayRoomEvents {
  /** Other tracks are sent, or they are paused otherwise. */
  changed: [];
  /** It is relayed by other nodes than before. */
  moved: [];
  /** These peers' transports are gone with the worker that had them. */
  lost: [peerIds: string[]];
}

export interface RelayRoomOptions {
  /** A new place for people; on another node where one is named. */
  newPlace: (nodeId: string | undefined) => Promise<RelayPlace>;
  /** People at one place; more are spread over others. */
  peersPerPlace?: number | undefined;
  /** Something could not be done at a place. */
  failed: (error: unknown) => void;
}

/**
 * The media of one room: what its people send, and what of that each of them gets. People may be at
 * several places, here and on other nodes, between which tracks go by pipes.
 */
export class RelayRoom extends EventEmitter<RelayRoomEvents> {
  readonly #options: RelayRoomOptions;
  readonly #places = new Set<UsedPlace>();
  readonly #pipes: RelayPipes;
  readonly #peers = new Map<string, Peer>();
  /** What moderators keep off, by peer. */
  readonly #rights = new Map<string, SendRights>();
  #opening: Promise<unknown> = Promise.resolve();

  constructor(options: RelayRoomOptions) {
    super();
    this.#options = options;
    this.#pipes = new RelayPipes({
      pausedNow: (producerId) => {
        const [peer, producer] = this.#find(producerId) ?? [];
        return peer && producer && this.#isPaused(peer.peerId, producer);
      },
      failed: options.failed,
    });
  }

  get producers(): RelayProducer[] {
    return [...this.#peers.values()].flatMap(({ peerId, producers }) =>
      [...producers.values()].map((producer) => ({
        ...{ producerId: producer.producerId, peerId, kind: producer.kind },
        paused: this.#isPaused(peerId, producer),
        ...(producer.height !== undefined && { height: producer.height }),
      })),
    );
  }

  get peerIds(): string[] {
    return [...this.#peers.keys()];
  }

  /** The nodes that its people are on; `undefined` for this one. */
  get nodeIds(): ReadonlySet<string | undefined> {
    return new Set([...this.#places].map(({ nodeId }) => nodeId));
  }

  /**
   * New transports for a peer; former ones are closed. Rejects with `relay-unavailable`.
   *
   * @param nodeId on that node rather than here, if it can be
   */
  async open(peerId: string, nodeId?: string): Promise<RelaySession> {
    const opened = this.#opening.then(() => this.#open(peerId, nodeId));
    this.#opening = opened.catch(() => undefined);
    return opened;
  }

  /** Rejects with `not-relayed` for a transport that is not this peer's. */
  async connect(peerId: string, transportId: string, dtls: DtlsParameters): Promise<void> {
    await this.#placeOf(peerId).connect(peerId, transportId, dtls);
  }

  async restartIce(peerId: string, transportId: string): Promise<RelayTransport['iceParameters']> {
    return this.#placeOf(peerId).restartIce(peerId, transportId);
  }

  /** Instead of the track of the same kind before it. Rejects with `rtp-invalid`. */
  async produce(peerId: string, request: ProduceRequest): Promise<string> {
    return this.#inTurn(peerId, async (peer) => {
      const { kind, rtpParameters, paused = false, height } = request;
      for (const former of [...peer.producers.values()]) {
        if (former.kind === kind) this.#closeProducer(peer, former.producerId);
      }
      const isPaused = paused || this.#isHeld(peerId, kind);
      const { place } = peer.used;
      const producerId = await place.produce(peerId, { kind, rtpParameters, paused: isPaused });
      if (this.#peers.get(peerId) !== peer) throw gone();
      const producer: Producer = { producerId, kind, height, isPaused: paused };
      peer.producers.set(producerId, producer);
      // A moderator may have spoken meanwhile.
      if (this.#isPaused(peerId, producer) !== isPaused) await this.#applyPause(peer, producer);
      this.emit('changed');
      return producerId;
    });
  }

  /** Rejects with `not-relayed` for a track that is not this peer's. */
  async setPaused(peerId: string, producerId: string, paused: boolean): Promise<void> {
    const producer = this.#producer(peerId, producerId);
    producer.isPaused = paused;
    await this.#applyPause(this.#peer(peerId), producer);
    this.emit('changed');
  }

  /** Throws `not-relayed` for a track that is not this peer's. */
  closeProducer(peerId: string, producerId: string): void {
    this.#producer(peerId, producerId);
    this.#closeProducer(this.#peer(peerId), producerId);
    this.emit('changed');
  }

  /** Paused consumers of these tracks, but one's own and those that can't be had by now. */
  async consume(
    peerId: string,
    { producerIds, rtpCapabilities }: ConsumeRequest,
  ): Promise<RelayConsumer[]> {
    const place = this.#placeOf(peerId);
    const senders = new Map<string, string>();
    await Promise.all(
      producerIds.map(async (producerId) => {
        const [from] = this.#find(producerId) ?? [];
        if (!from || from.peerId === peerId) return;
        try {
          await this.#pipes.bring(producerId, from.used.place, place);
          senders.set(producerId, from.peerId);
        } catch (error) {
          // Until it can be brought over it comes from its sender directly.
          if (this.#find(producerId)) this.#options.failed(error);
        }
      }),
    );
    if (senders.size === 0) return [];
    const there = { producerIds: [...senders.keys()], rtpCapabilities };
    const consumers = await place.consume(peerId, there);
    return consumers.flatMap((consumer) => {
      const sender = senders.get(consumer.producerId);
      return sender === undefined ? [] : [{ ...consumer, peerId: sender }];
    });
  }

  /** What is not there any more is passed over. */
  async updateConsumers(peerId: string, request: UpdateConsumersRequest): Promise<void> {
    await this.#placeOf(peerId).updateConsumers(peerId, request);
  }

  /** What a peer may send from now on; the rest is not forwarded, whatever it sends. */
  async setRights(peerId: string, rights: SendRights): Promise<void> {
    const known = this.#rights.get(peerId);
    if (known?.audio === rights.audio && known.video === rights.video) return;
    this.#rights.set(peerId, rights);
    const peer = this.#peers.get(peerId);
    if (!peer || peer.producers.size === 0) return;
    this.emit('changed');
    for (const producer of peer.producers.values()) await this.#applyPause(peer, producer);
  }

  /** Everything of a peer's is over. */
  remove(peerId: string): void {
    this.#rights.delete(peerId);
    this.#closePeer(peerId);
  }

  close(): void {
    this.#peers.clear();
    for (const { place } of this.#places) place.close();
    this.#places.clear();
  }

  async #open(peerId: string, nodeId: string | undefined): Promise<RelaySession> {
    const used = await this.#reserve(nodeId);
    try {
      this.#closePeer(peerId);
      const transports = await used.place.openPeer(peerId);
      if (!this.#places.has(used)) throw relayAway();
      const producers = new Map<string, Producer>();
      this.#peers.set(peerId, { peerId, used, producers, tail: Promise.resolve() });
      const { routerRtpCapabilities } = used.place;
      return { routerRtpCapabilities, ...transports, producers: this.producers };
    } catch (error) {
      this.#vacate(used);
      throw error;
    }
  }

  /** A place for one more; here where another node can't have them. */
  async #reserve(nodeId: string | undefined): Promise<UsedPlace> {
    const { peersPerPlace = PEERS_PER_PLACE, newPlace, failed } = this.#options;
    const roomy = [...this.#places].find(
      (used) => used.nodeId === nodeId && used.peers < peersPerPlace,
    );
    if (roomy) {
      roomy.peers += 1;
      return roomy;
    }
    try {
      const used: UsedPlace = { place: await newPlace(nodeId), nodeId, peers: 1 };
      this.#places.add(used);
      used.place.on('lost', () => this.#lost(used));
      this.emit('moved');
      return used;
    } catch (error) {
      if (nodeId === undefined) throw error;
      failed(error);
      return this.#reserve(undefined);
    }
  }

  /** One fewer is there; a place without people is given back. */
  #vacate(used: UsedPlace): void {
    used.peers -= 1;
    if (used.peers > 0 || !this.#places.delete(used)) return;
    this.#pipes.placeGone(used.place);
    used.place.close();
    this.emit('moved');
  }

  #lost(used: UsedPlace): void {
    if (!this.#places.delete(used)) return;
    const peers = [...this.#peers.values()].filter((peer) => peer.used === used);
    for (const peer of peers) this.#forget(peer);
    this.#pipes.placeGone(used.place);
    used.place.close();
    this.emit(
      'lost',
      peers.map(({ peerId }) => peerId),
    );
    this.emit('moved');
    this.emit('changed');
  }

  #closePeer(peerId: string): void {
    const peer = this.#peers.get(peerId);
    if (!peer) return;
    this.#forget(peer);
    peer.used.place.closePeer(peerId).catch(this.#options.failed);
    this.#vacate(peer.used);
    this.emit('changed');
  }

  #forget(peer: Peer): void {
    this.#peers.delete(peer.peerId);
    for (const producerId of peer.producers.keys()) this.#pipes.trackGone(producerId);
  }

  async #inTurn<T>(peerId: string, work: (peer: Peer) => Promise<T>): Promise<T> {
    const peer = this.#peer(peerId);
    const done = peer.tail.then(() => {
      if (this.#peers.get(peerId) !== peer) throw gone();
      return work(peer);
    });
    peer.tail = done.catch(() => undefined);
    return done;
  }

  #closeProducer(peer: Peer, producerId: string): void {
    peer.producers.delete(producerId);
    this.#pipes.trackGone(producerId);
    peer.used.place.closeProducer(producerId).catch(this.#options.failed);
  }

  /** A moderator's word and the sender's own: both have to allow it. */
  #isPaused(peerId: string, { kind, isPaused }: Producer): boolean {
    return isPaused || this.#isHeld(peerId, kind);
  }

  #isHeld(peerId: string, kind: Producer['kind']): boolean {
    return this.#rights.get(peerId)?.[kind] === false;
  }

  async #applyPause(peer: Peer, producer: Producer): Promise<void> {
    const { producerId } = producer;
    const paused = this.#isPaused(peer.peerId, producer);
    await Promise.all([
      peer.used.place.setPaused(producerId, paused),
      this.#pipes.setPaused(producerId, paused),
    ]);
  }

  #find(producerId: string): [Peer, Producer] | undefined {
    for (const peer of this.#peers.values()) {
      const producer = peer.producers.get(producerId);
      if (producer) return [peer, producer];
    }
    return undefined;
  }

  #peer(peerId: string): Peer {
    const peer = this.#peers.get(peerId);
    if (peer) return peer;
    throw gone();
  }

  #placeOf(peerId: string): RelayPlace {
    return this.#peer(peerId).used.place;
  }

  #producer(peerId: string, producerId: string): Producer {
    const producer = this.#peer(peerId).producers.get(producerId);
    if (producer) return producer;
    throw notRelayed('You send no such track.');
  }
}

const gone = () => notRelayed('Open a session with the relay first.');
