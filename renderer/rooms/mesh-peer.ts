/// <reference path="../ambient/simple-peer.d.ts" />
import SimplePeer from 'simple-peer/simplepeer.min.js';
import type { PeerMessage } from '../../protocol/peer-messages.ts';
import { Emitter } from './emitter.ts';
import { decodePeerMessage, encodePeerMessage, FloodGate } from './mesh-channel.ts';
import { isOfGeneration, restartIce, setIceServers, surviveIceFailure } from './mesh-ice.ts';
import { type LocalTracks, MeshSenders } from './mesh-senders.ts';
import type { VideoLimit } from './video-limit.ts';

/** What a peer wants told to the other side, or is told by it. */
export type PeerSignal =
  | { type: 'offer' | 'answer'; sdp: string }
  | { type: 'candidate'; candidate: RTCIceCandidateInit }
  | {
      type: 'renegotiate';
      transceiver?: { kind: 'audio' | 'video'; init?: RTCRtpTransceiverInit };
      /** The asking side's path is broken: the offer should restart ICE. */
      iceRestart?: true;
    };

export interface MeshPeerEvents {
  signal: PeerSignal;
  track: MediaStreamTrack;
  /** Our offer has its answer, and the tracks in it were told of. */
  answered: undefined;
  state: RTCPeerConnectionState;
  /** The data channel is usable. Told once; never by a peer that opens none. */
  open: undefined;
  message: PeerMessage;
  /** Told once: the connection is gone. `code` is simple-peer's, `closed` where it gave none. */
  closed: { code: string; message: string };
}

export interface MeshPeerOptions {
  initiator: boolean;
  iceServers: readonly RTCIceServer[];
  /** Pictures are sent and taken in this codec alone. */
  videoMimeType?: string;
  /** Called with each sender before its first frame leaves. */
  protect?: (sender: RTCRtpSender) => void;
  /** Called with each receiver before its first frame is decoded. */
  open?: (receiver: RTCRtpReceiver) => void;
}

/** One connection to one remote peer, until it is lost for good or destroyed; never reused. */
export interface MeshPeer extends Pick<Emitter<MeshPeerEvents>, 'on'> {
  signal(signal: PeerSignal): void;
  setTracks(tracks: LocalTracks): void;
  setVideoLimit(limit: VideoLimit): void;
  /** Initiator only: looks for another path while everything else stays. */
  restartIce(): void;
  setIceServers(servers: readonly RTCIceServer[]): void;
  /** `false` where there is no open channel. A `RangeError` where the message is too long. */
  send(message: PeerMessage): boolean;
  stats(): Promise<RTCStatsReport | undefined>;
  destroy(): void;
}

/** Makes a connection over simple-peer; `tracks` go into the first description. */
export function createMeshPeer(options: MeshPeerOptions, tracks: LocalTracks): MeshPeer {
  return new SimpleMeshPeer(options, tracks);
}

class SimpleMeshPeer extends Emitter<MeshPeerEvents> implements MeshPeer {
  readonly #peer: SimplePeer;
  readonly #initiator: boolean;
  readonly #senders: MeshSenders;
  readonly #flood = new FloodGate();
  #flooded = false;
  /** The remote description that was given last: candidates of others are late. */
  #remoteSdp = '';
  #awaitsAnswer = false;

  constructor(options: MeshPeerOptions, tracks: LocalTracks) {
    super();
    this.#initiator = options.initiator;
    this.#peer = new SimplePeer({
      initiator: options.initiator,
      trickle: true,
      // Given even where empty: simple-peer's defaults would ask third parties' STUN servers.
      config: { iceServers: [...options.iceServers], bundlePolicy: 'max-bundle' },
    });
    this.#senders = new MeshSenders(this.#peer, options);
    this.#listen();
    if (this.#peer._pc) this.#watch(this.#peer._pc, options.open);
    this.#senders.setTracks(tracks);
    if (this.#initiator) this.#senders.receiveWhatIsNotSent();
  }

  signal(signal: PeerSignal): void {
    if (this.#peer.destroyed) return;
    switch (signal.type) {
      case 'answer':
        // An offer that was told twice may be answered twice.
        if (!this.#awaitsAnswer) return;
        this.#awaitsAnswer = false;
        this.#describe(signal);
        return;
      case 'offer':
        this.#describe(signal);
        return;
      case 'candidate':
        if (this.#remoteSdp && !isOfGeneration(signal.candidate, this.#remoteSdp)) return;
        this.#peer.signal(signal);
        return;
      case 'renegotiate':
        this.#peer.signal(
          signal.transceiver
            ? { type: 'transceiverRequest', transceiverRequest: signal.transceiver }
            : { type: 'renegotiate', renegotiate: true },
        );
        return;
    }
  }

  setTracks(tracks: LocalTracks): void {
    this.#senders.setTracks(tracks);
  }

  setVideoLimit(limit: VideoLimit): void {
    this.#senders.setVideoLimit(limit);
  }

  restartIce(): void {
    const connection = this.#peer._pc;
    if (connection) restartIce(this.#peer, connection, (offer) => this.emit('signal', offer));
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    if (this.#peer._pc) setIceServers(this.#peer._pc, servers);
  }

  send(message: PeerMessage): boolean {
    const text = encodePeerMessage(message);
    if (!this.#peer.connected) return false;
    this.#peer.send(text);
    return true;
  }

  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#peer._pc?.getStats();
  }

  destroy(): void {
    this.#peer.destroy();
  }

  #describe(description: { type: 'offer' | 'answer'; sdp: string }): void {
    this.#remoteSdp = description.sdp;
    this.#peer.signal(description);
  }

  #listen(): void {
    const peer = this.#peer;
    let failure = { code: 'closed', message: 'The other side closed the connection.' };
    peer.on('signal', (data) => {
      const signal = toPeerSignal(data);
      if (signal.type === 'offer') this.#awaitsAnswer = true;
      this.emit('signal', signal);
    });
    peer.on('connect', () => this.emit('open', undefined));
    peer.on('data', (data) => this.#hear(data));
    peer.on('error', ({ code, message }) => {
      failure = { code: code ?? 'closed', message };
    });
    peer.on('close', () => this.emit('closed', failure));
  }

  #watch(connection: RTCPeerConnection, open: MeshPeerOptions['open']): void {
    surviveIceFailure(connection);
    // simple-peer tells of tracks in streams only; a bare RTCPeerConnection may send without one.
    connection.addEventListener('track', ({ track, receiver }) => {
      open?.(receiver);
      this.emit('track', track);
    });
    // The answer's tracks follow this event in the same task.
    connection.addEventListener('signalingstatechange', () => {
      if (this.#initiator && connection.signalingState === 'stable') {
        setTimeout(() => this.emit('answered', undefined));
      }
    });
    // simple-peer's `connect` waits for a data channel, which a bare peer may not open.
    connection.addEventListener('connectionstatechange', () =>
      this.emit('state', connection.connectionState),
    );
  }

  #hear(data: Uint8Array): void {
    const passes = this.#flood.passes();
    if (!passes && !this.#flooded) console.warn('A peer says too much: the excess is not heard.');
    this.#flooded = !passes;
    if (!passes) return;
    const message = decodePeerMessage(data);
    if ('refused' in message) console.warn(`A peer’s message is ignored: ${message.refused}.`);
    else this.emit('message', message);
  }
}

function toPeerSignal(signal: Parameters<SimplePeer['signal']>[0]): PeerSignal {
  switch (signal.type) {
    case 'offer':
    case 'answer':
    case 'candidate':
      return signal;
    case 'renegotiate':
      return { type: 'renegotiate' };
    case 'transceiverRequest':
      return { type: 'renegotiate', transceiver: signal.transceiverRequest };
  }
}
