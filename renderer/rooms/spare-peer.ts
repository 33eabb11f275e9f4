import {
  createMeshPeer,
  type MeshPeer,
  type MeshPeerOptions,
  type PeerSignal,
} from './mesh-peer.ts';
import type { LocalTracks } from './mesh-senders.ts';

/** A description that has waited longer names paths that may be gone. */
const MAX_AGE_MS = 2 * 60_000;

interface Spare {
  peer: MeshPeer;
  tracks: LocalTracks;
  signals: PeerSignal[];
  unlisten: () => void;
  madeAtMs: number;
}

/**
 * A connection that is begun at the door, before it is known to whom: its offer is there when the
 * person clicks Join, and goes to the first peer that we make offers to.
 */
export class SparePeer {
  #spare: Spare | undefined;

  /** Begins one with these tracks, in the place of any former one. */
  prepare(tracks: LocalTracks): void {
    this.discard();
    const peer = createMeshPeer({ initiator: true, iceServers: [] }, tracks);
    const signals: PeerSignal[] = [];
    const unlisten = peer.on('signal', (signal) => void signals.push(signal));
    this.#spare = { peer, tracks, signals, unlisten, madeAtMs: performance.now() };
  }

  /** Hands it over, once; `undefined` where there is none that fits. */
  take(options: MeshPeerOptions, tracks: LocalTracks): MeshPeer | undefined {
    const spare = this.#spare;
    const transforms = options.protect ?? options.open;
    if (!spare || !options.initiator || options.iceServers.length > 0 || transforms) {
      return undefined;
    }
    const isFresh = performance.now() - spare.madeAtMs < MAX_AGE_MS;
    const hasTracks = spare.tracks.audio === tracks.audio && spare.tracks.video === tracks.video;
    if (!isFresh || !hasTracks) return undefined;
    this.#spare = undefined;
    spare.unlisten();
    return new BegunPeer(spare.peer, spare.signals);
  }

  /** Nobody needs it. */
  discard(): void {
    this.#spare?.peer.destroy();
    this.#spare = undefined;
  }
}

/** Tells its first listener what it had to say before there was one. */
class BegunPeer implements MeshPeer {
  readonly #peer: MeshPeer;
  readonly #signals: PeerSignal[];

  constructor(peer: MeshPeer, signals: PeerSignal[]) {
    this.#peer = peer;
    this.#signals = signals;
  }

  on: MeshPeer['on'] = (event, listener) => {
    if (event === 'signal' && this.#signals.length > 0) {
      const tell = listener as unknown as (signal: PeerSignal) => void;
      // After whoever listens has finished listening.
      queueMicrotask(() => this.#signals.splice(0).forEach(tell));
    }
    return this.#peer.on(event, listener);
  };

  signal: MeshPeer['signal'] = (signal) => this.#peer.signal(signal);
  setTracks: MeshPeer['setTracks'] = (tracks) => this.#peer.setTracks(tracks);
  setVideoLimit: MeshPeer['setVideoLimit'] = (limit) => this.#peer.setVideoLimit(limit);
  restartIce: MeshPeer['restartIce'] = () => this.#peer.restartIce();
  setIceServers: MeshPeer['setIceServers'] = (servers) => this.#peer.setIceServers(servers);
  send: MeshPeer['send'] = (message) => this.#peer.send(message);
  stats: MeshPeer['stats'] = () => this.#peer.stats();
  destroy: MeshPeer['destroy'] = () => this.#peer.destroy();
}
