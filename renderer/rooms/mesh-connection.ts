import type { PeerMessage } from '../../protocol/peer-messages.ts';
import { Emitter } from './emitter.ts';
import { LinkAdaptation } from './link-adaptation.ts';
import { LinkRecovery, type RestartPolicy } from './link-recovery.ts';
import type { MeshPeer, PeerSignal } from './mesh-peer.ts';
import type { LocalTracks } from './mesh-senders.ts';
import type { VideoLimit } from './video-limit.ts';

export interface MeshConnectionEvents {
  signal: PeerSignal;
  track: MediaStreamTrack;
  /** Our offer has its answer. */
  answered: undefined;
  /** Its path: there, or away and maybe coming back. */
  path: 'connected' | 'disconnected';
  /** Whether another path is being looked for. */
  restarting: boolean;
  /** Whether media go through a TURN server, whenever that becomes known or changes. */
  relayed: boolean;
  open: undefined;
  message: PeerMessage;
  /** Told once, and last: it does not come back. */
  lost: { reason: string };
}

/** A peer with what looks after it: its path is brought back, what it sends is kept in measure. */
export class MeshConnection extends Emitter<MeshConnectionEvents> {
  readonly #peer: MeshPeer;
  readonly #recovery: LinkRecovery;
  readonly #adaptation: LinkAdaptation;
  #stood = false;
  #relayed: boolean | undefined;
  #ended = false;

  /** @param initiator whether offers are ours to make. */
  constructor(peer: MeshPeer, options: { initiator: boolean; restarts: RestartPolicy }) {
    super();
    this.#peer = peer;
    this.#recovery = new LinkRecovery(options.restarts, {
      restart: () => {
        if (options.initiator) peer.restartIce();
        else this.#tell('signal', { type: 'renegotiate', iceRestart: true });
      },
      giveUp: () => this.#lose('The path is dead, and no other was found.'),
      changed: (restarting) => this.#tell('restarting', restarting),
    });
    this.#adaptation = new LinkAdaptation(peer, ({ relayed }) => {
      if (relayed === undefined || relayed === this.#relayed) return;
      this.#relayed = relayed;
      this.#tell('relayed', relayed);
    });
    for (const event of ['signal', 'track', 'answered', 'open', 'message'] as const) {
      peer.on(event, (payload) => this.#tell(event, payload));
    }
    peer.on('state', (state) => this.#follow(state));
    peer.on('closed', ({ code, message }) => this.#lose(`${code}: ${message}`));
  }

  signal(signal: PeerSignal): void {
    this.#peer.signal(signal);
  }

  setTracks(tracks: LocalTracks): void {
    this.#peer.setTracks(tracks);
  }

  /** What the room allows each camera, once the connection stands. */
  setRoomLimit(limit: VideoLimit): void {
    this.#adaptation.setRoomLimit(limit);
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.#peer.setIceServers(servers);
  }

  /** This machine came onto another network. */
  networkChanged(): void {
    this.#recovery.networkChanged();
  }

  /** The other side's path is broken. */
  restartAsked(): void {
    this.#recovery.asked();
  }

  send(message: PeerMessage): boolean {
    return this.#peer.send(message);
  }

  stats(): Promise<RTCStatsReport | undefined> {
    return this.#peer.stats();
  }

  /** Ends it without another word. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#recovery.stop();
    this.#adaptation.stop();
    this.#peer.destroy();
  }

  #follow(state: RTCPeerConnectionState): void {
    if (this.#ended) return;
    if (state === 'connected') {
      this.#stood = true;
      this.#adaptation.start();
      this.#tell('path', 'connected');
    } else if (this.#stood && (state === 'disconnected' || state === 'failed')) {
      this.#tell('path', 'disconnected');
    }
    this.#recovery.follow(state);
  }

  #lose(reason: string): void {
    if (this.#ended) return;
    this.end();
    this.emit('lost', { reason });
  }

  #tell<E extends keyof MeshConnectionEvents>(event: E, payload: MeshConnectionEvents[E]): void {
    if (!this.#ended) this.emit(event, payload);
  }
}
