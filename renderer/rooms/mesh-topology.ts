import { isInitiator } from '../../protocol/identity.ts';
import type { SignalMessage } from '../../protocol/messages.ts';
import type { PeerMessage } from '../../protocol/peer-messages.ts';
import { type Participant, ROOM_LIMITS } from '../../protocol/rooms.ts';
import { Emitter } from './emitter.ts';
import type { Overlay, Silenced } from './link-media.ts';
import { iceRestarts } from './link-recovery.ts';
import type { MeshContext } from './mesh-context.ts';
import { MeshLink } from './mesh-link.ts';
import { type WatchNetwork, watchNetwork } from './mesh-network.ts';
import { createMeshPeer } from './mesh-peer.ts';
import type { LocalTracks } from './mesh-senders.ts';
import { rebuildDelay } from './reconnect-delay.ts';
import type { Topology, TopologyEvents } from './topology.ts';
import { meshVideoLimit } from './video-limit.ts';

/** Messages kept of a peer whom no roster has named yet: an offer and its candidates. */
const EARLY_MESSAGES_PER_PEER = 60;
/** Peers whose messages are kept before a roster names them: as many as a room takes. */
const EARLY_PEERS = ROOM_LIMITS.relayedCapacity;

type Defaults = Pick<MeshContext, 'retry' | 'restarts' | 'createPeer'>;

export interface MeshOptions extends Omit<MeshContext, keyof Defaults>, Partial<Defaults> {
  stream: MediaStream | undefined;
  watchNetwork?: WatchNetwork;
}

const NOTHING: Silenced = { audio: false, video: false };

/** Everybody connected to everybody, without a media server: one link per participant. */
export class MeshTopology extends Emitter<TopologyEvents> implements Topology {
  readonly kind = 'mesh';
  readonly #context: MeshContext;
  readonly #links = new Map<string, MeshLink>();
  /** Offers may arrive before the roster that names their sender. */
  readonly #early = new Map<string, SignalMessage[]>();
  readonly #silenced = new Map<string, Silenced>();
  readonly #unwatchNetwork: () => void;
  #roster: readonly Participant[] = [];
  /** Members whom nobody here connects to, by `userId`. */
  #blocked: ReadonlySet<string> = new Set();
  #tracks: LocalTracks;
  /** What new connections begin without. */
  #withheld = NOTHING;

  constructor({ stream, watchNetwork: watch = watchNetwork, ...context }: MeshOptions) {
    super();
    const defaults = { retry: rebuildDelay, restarts: iceRestarts, createPeer: createMeshPeer };
    this.#context = { ...defaults, ...context };
    this.#tracks = tracksOf(stream);
    this.#unwatchNetwork = watch(() => {
      for (const link of this.#links.values()) link.networkChanged();
    });
  }

  setRoster(participants: readonly Participant[]): void {
    this.#roster = participants;
    const remote = participants.filter(
      ({ peerId, userId }) => peerId !== this.#context.selfPeerId && !this.#blocked.has(userId),
    );
    const present = new Set(remote.map((p) => p.peerId));
    for (const peerId of this.#links.keys()) {
      if (!present.has(peerId)) this.#unlink(peerId);
    }
    for (const participant of remote) {
      if (!this.#links.has(participant.peerId)) this.#connect(participant);
    }
    const limit = meshVideoLimit(remote.length);
    for (const link of this.#links.values()) link.setVideoLimit(limit);
  }

  block(userIds: ReadonlySet<string>): void {
    this.#blocked = new Set(userIds);
    this.setRoster(this.#roster);
  }

  setSilenced(peerId: string, silenced: Silenced): void {
    if (silenced.audio || silenced.video) this.#silenced.set(peerId, silenced);
    else this.#silenced.delete(peerId);
    this.#links.get(peerId)?.setSilenced(silenced);
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.#context.iceServers = servers;
    for (const link of this.#links.values()) link.setIceServers(servers);
  }

  send(peerId: string, message: PeerMessage): boolean {
    return this.#links.get(peerId)?.send(message) ?? false;
  }

  broadcast(message: PeerMessage): void {
    for (const link of this.#links.values()) link.send(message);
  }

  /** A signalling message for us. */
  receive(message: SignalMessage): void {
    if (message.roomId !== this.#context.roomId || message.to !== this.#context.selfPeerId) return;
    const link = this.#links.get(message.from);
    if (link) link.receive(message);
    else this.#keepEarly(message);
  }

  setLocalStream(stream: MediaStream | undefined): void {
    this.#tracks = tracksOf(stream);
    for (const link of this.#links.values()) link.setTracks(this.#tracks);
  }

  /** Kinds of ours that a peer is not sent, because it gets them another way. */
  withhold(peerId: string, { audio, video }: Silenced): void {
    this.#links.get(peerId)?.setWithheld({ audio, video });
  }

  /** Kinds of ours that peers who are connected to from now on are not sent at first. */
  withholdFromNew({ audio, video }: Silenced): void {
    this.#withheld = { audio, video };
  }

  withholdNothing(): void {
    this.#withheld = NOTHING;
    for (const link of this.#links.values()) link.setWithheld(NOTHING);
  }

  /** Whether such a track of a peer's comes directly at present. */
  comes(peerId: string, kind: 'audio' | 'video'): boolean {
    return this.#links.get(peerId)?.comes(kind) ?? false;
  }

  /** Tracks of a peer's that came another way and show instead. */
  overlay(peerId: string, overlay: Overlay): void {
    this.#links.get(peerId)?.setOverlay(overlay);
  }

  async stats(peerId: string): Promise<RTCStatsReport | undefined> {
    return this.#links.get(peerId)?.stats();
  }

  stop(): void {
    this.#unwatchNetwork();
    for (const peerId of [...this.#links.keys()]) this.#unlink(peerId);
    this.#early.clear();
  }

  #connect({ peerId, userId }: Participant): void {
    const initiator = isInitiator(this.#context.selfPeerId, peerId);
    const start = {
      tracks: this.#tracks,
      silenced: this.#silenced.get(peerId) ?? NOTHING,
      withheld: this.#withheld,
    };
    const link = new MeshLink(this.#context, { peerId, userId, initiator }, start, {
      changed: (state) => this.emit('link', { peerId, link: state }),
      agreed: () => this.emit('agreed', { peerId }),
      opened: () => this.emit('open', { peerId }),
      heard: (message) => this.emit('message', { peerId, message }),
    });
    this.#links.set(peerId, link);
    for (const message of this.#early.get(peerId) ?? []) link.receive(message);
    this.#early.delete(peerId);
  }

  #unlink(peerId: string): void {
    this.#links.get(peerId)?.close();
    this.#links.delete(peerId);
    this.emit('unlinked', { peerId });
  }

  #keepEarly(message: SignalMessage): void {
    // A new offer is a new connection: what came before it belongs to one that is gone.
    const kept = message.type === 'signal:offer' ? [] : (this.#early.get(message.from) ?? []);
    if (kept.length >= EARLY_MESSAGES_PER_PEER) return;
    if (!this.#early.has(message.from) && this.#early.size >= EARLY_PEERS) {
      const [oldest] = this.#early.keys();
      if (oldest !== undefined) this.#early.delete(oldest);
    }
    this.#early.set(message.from, [...kept, message]);
  }
}

/** The first track of each kind. */
export function tracksOf(stream: MediaStream | undefined): LocalTracks {
  return { audio: stream?.getAudioTracks()[0], video: stream?.getVideoTracks()[0] };
}
