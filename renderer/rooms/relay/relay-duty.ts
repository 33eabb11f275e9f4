import type { PeerMessage } from '../../../protocol/peer-messages.ts';
import type { RelayProducer } from '../../../protocol/relay.ts';
import type { Participant, Room } from '../../../protocol/rooms.ts';
import type { FrameTaps } from '../../tracks/frame-tap.ts';
import { FrameEncryption } from '../frame-encryption/frame-encryption.ts';
import type { MeshTopology } from '../mesh-topology.ts';
import { reconnectDelay } from '../reconnect-delay.ts';
import type { RelayApi } from './relay-api.ts';
import { RelayTopology } from './relay-topology.ts';
import type { ShownSizes } from './shown-sizes.ts';

type KeyMessage = Extract<PeerMessage, { type: 'frames:key' }>;

export interface RelayDutyOptions {
  roomId: string;
  selfPeerId: string;
  api: RelayApi;
  mesh: MeshTopology;
  stream: MediaStream | undefined;
  iceServers: readonly RTCIceServer[];
  sizes: ShownSizes;
  /** This window records the room, when it is recorded. */
  records: boolean;
  /** The room's own encryption, where it has one; else one is begun when the room is relayed. */
  encryption: FrameEncryption | undefined;
  problem: (sentence: string) => void;
}

const UNSUPPORTED =
  'This room moved to a relay, where media is encrypted end to end, and this browser can’t do that. You stay connected to everybody directly.';

/** Follows the room from its mesh to a relay and back, without leaving it. */
export class RelayDuty {
  readonly #options: RelayDutyOptions;
  #stream: MediaStream | undefined;
  #iceServers: readonly RTCIceServer[];
  #relay: RelayTopology | undefined;
  #encryption: FrameEncryption | undefined;
  /** The last key that each peer told: it may have come before ours was wanted. */
  readonly #keys = new Map<string, KeyMessage>();
  readonly #openPeers = new Set<string>();
  readonly #stopListening: (() => void)[];
  #isRelayed = false;
  #isListener = false;
  #isRecording = false;

  constructor(options: RelayDutyOptions) {
    this.#options = options;
    this.#stream = options.stream;
    this.#iceServers = options.iceServers;
    const { mesh } = options;
    this.#stopListening = [
      mesh.on('open', ({ peerId }) => {
        this.#openPeers.add(peerId);
        this.#encryption?.peerOpened(peerId);
      }),
      mesh.on('unlinked', ({ peerId }) => {
        this.#openPeers.delete(peerId);
        this.#keys.delete(peerId);
        this.#encryption?.peerGone(peerId);
      }),
      mesh.on('message', ({ peerId, message }) => {
        if (message.type !== 'frames:key') return;
        this.#keys.set(peerId, message);
        this.#encryption?.received(peerId, message);
      }),
    ];
  }

  /** The topology at work. */
  get topology(): RelayTopology | MeshTopology {
    return this.#relay ?? this.#options.mesh;
  }

  /** Where a recording gets what the relay brings, where the room itself is not encrypted. */
  get taps(): FrameTaps | undefined {
    return this.#encryption;
  }

  /** The room and its people as the node has them now. */
  follow(room: Pick<Room, 'topology' | 'recording'>, people: readonly Participant[]): void {
    const self = people.find(({ peerId }) => peerId === this.#options.selfPeerId);
    if (self) this.#setListener(self.role === 'listener');
    this.#setRecording(room.recording === 'starting' || room.recording === 'recording');
    const isRelayed = room.topology === 'relay';
    if (isRelayed === this.#isRelayed) return;
    this.#isRelayed = isRelayed;
    if (isRelayed) this.#begin();
    else void this.#handBack();
  }

  producersChanged(producers: readonly RelayProducer[]): void {
    this.#relay?.producersChanged(producers);
  }

  /** The node says that our transports are gone. */
  closed(): void {
    if (this.#isRelayed) this.#relay?.closed();
  }

  setLocalStream(stream: MediaStream | undefined): void {
    this.#stream = stream;
    this.topology.setLocalStream(stream);
  }

  /** How large a peer's picture is shown here has changed. */
  shownChanged(peerId: string): void {
    this.#relay?.shownChanged(peerId);
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.#iceServers = servers;
    this.topology.setIceServers(servers);
  }

  stop(): void {
    for (const stop of this.#stopListening) stop();
    this.#relay?.stop();
    this.#relay = undefined;
    this.#encryption?.stop();
    this.#encryption = undefined;
  }

  /** Who only listens sends nothing to the relay, which would refuse it. */
  #setListener(isListener: boolean): void {
    if (isListener === this.#isListener) return;
    this.#isListener = isListener;
    this.#relay?.setSending(!isListener);
  }

  /** A recording takes the pictures as large as they come. */
  #setRecording(isRecording: boolean): void {
    if (!this.#options.records || isRecording === this.#isRecording) return;
    this.#isRecording = isRecording;
    for (const peerId of this.#openPeers) this.#relay?.shownChanged(peerId);
  }

  #begin(): void {
    const { problem, encryption: rooms, mesh, api, selfPeerId, sizes } = this.#options;
    if (!FrameEncryption.supported) {
      problem(UNSUPPORTED);
      return;
    }
    // It may be on its way back yet.
    this.#relay?.stop();
    this.#relay = new RelayTopology({
      ...{ selfPeerId, api, mesh, problem },
      isSending: !this.#isListener,
      shownHeight: (peerId) =>
        this.#isRecording ? Number.POSITIVE_INFINITY : sizes.heightOf(peerId),
      frames: rooms ?? this.#ownEncryption(),
      stream: this.#stream,
      iceServers: this.#iceServers,
      retry: reconnectDelay,
    });
  }

  /** Everybody in the room begins one about now; each tells its key to those who are there. */
  #ownEncryption(): FrameEncryption {
    const { roomId, selfPeerId, mesh, problem } = this.#options;
    if (this.#encryption) return this.#encryption;
    const encryption = new FrameEncryption({
      ...{ roomId, selfPeerId, problem },
      send: (peerId, message) => void mesh.send(peerId, message),
    });
    this.#encryption = encryption;
    for (const peerId of this.#openPeers) encryption.peerOpened(peerId);
    for (const [peerId, key] of this.#keys) encryption.received(peerId, key);
    return encryption;
  }

  async #handBack(): Promise<void> {
    const relay = this.#relay;
    if (!relay) return;
    await relay.handBack();
    if (this.#relay !== relay || this.#isRelayed) return;
    // Its own encryption stays, for the next time and for a recording that captures from it.
    this.#relay = undefined;
  }
}
