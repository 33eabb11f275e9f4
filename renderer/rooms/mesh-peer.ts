/// <reference path="../ambient/simple-peer.d.ts" />
import SimplePeer from 'simple-peer/simplepeer.min.js';
import { Emitter } from './emitter.ts';
import { FIRST_FRAME_LIMIT, type VideoLimit } from './video-limit.ts';

/** What a peer wants told to the other side, or is told by it. */
export type PeerSignal =
  | { type: 'offer' | 'answer'; sdp: string }
  | { type: 'candidate'; candidate: RTCIceCandidateInit }
  | {
      type: 'renegotiate';
      transceiver?: { kind: 'audio' | 'video'; init?: RTCRtpTransceiverInit };
    };

export interface MeshPeerEvents {
  signal: PeerSignal;
  track: MediaStreamTrack;
  /** Our offer has its answer, and the tracks in it were told of. */
  answered: undefined;
  state: RTCPeerConnectionState;
  /** Told once: the connection is gone. `code` is simple-peer's, `closed` where it gave none. */
  closed: { code: string; message: string };
}

export interface MeshPeerOptions {
  initiator: boolean;
  iceServers: readonly RTCIceServer[];
}

/** One connection to one remote peer, until it fails or is destroyed; never reused. */
export interface MeshPeer extends Pick<Emitter<MeshPeerEvents>, 'on'> {
  signal(signal: PeerSignal): void;
  setTracks(tracks: LocalTracks): void;
  setVideoLimit(limit: VideoLimit): void;
  stats(): Promise<RTCStatsReport | undefined>;
  destroy(): void;
}

export interface LocalTracks {
  audio?: MediaStreamTrack | undefined;
  video?: MediaStreamTrack | undefined;
}

const KINDS = ['audio', 'video'] as const;

/** Makes a connection over simple-peer; `tracks` go into the first description. */
export function createMeshPeer(options: MeshPeerOptions, tracks: LocalTracks): MeshPeer {
  return new SimpleMeshPeer(options, tracks);
}

class SimpleMeshPeer extends Emitter<MeshPeerEvents> implements MeshPeer {
  readonly #peer: SimplePeer;
  readonly #initiator: boolean;
  /** Groups the tracks for the other side, whatever stream they come from here. */
  readonly #outgoing = new MediaStream();
  /** What simple-peer knows each sender by: the track it sends, or last sent. */
  readonly #senders: { audio?: MediaStreamTrack; video?: MediaStreamTrack } = {};
  readonly #sending: LocalTracks = {};
  #videoLimit = FIRST_FRAME_LIMIT;

  constructor(options: MeshPeerOptions, tracks: LocalTracks) {
    super();
    this.#initiator = options.initiator;
    this.#peer = new SimplePeer({
      initiator: options.initiator,
      trickle: true,
      // Given even where empty: simple-peer's defaults would ask third parties' STUN servers.
      config: { iceServers: [...options.iceServers], bundlePolicy: 'max-bundle' },
    });
    this.#listen();
    this.setTracks(tracks);
    if (this.#initiator) this.#receiveWhatIsNotSent();
  }

  signal(signal: PeerSignal): void {
    if (this.#peer.destroyed) return;
    switch (signal.type) {
      case 'offer':
      case 'answer':
      case 'candidate':
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
    for (const kind of KINDS) {
      const track = tracks[kind];
      if (this.#peer.destroyed || track === this.#sending[kind]) continue;
      const sender = this.#senders[kind];
      if (sender) this.#peer.replaceTrack(sender, track ?? null, this.#outgoing);
      else if (track) this.#peer.addTrack(track, this.#outgoing);
      this.#sending[kind] = track;
      if (track) this.#senders[kind] = track;
    }
    this.#limitVideo();
  }

  setVideoLimit(limit: VideoLimit): void {
    this.#videoLimit = limit;
    this.#limitVideo();
  }

  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#peer._pc?.getStats();
  }

  destroy(): void {
    this.#peer.destroy();
  }

  /** The initiator offers both kinds at once, so that nobody has to ask for a second round. */
  #receiveWhatIsNotSent(): void {
    for (const kind of KINDS) {
      if (!this.#senders[kind]) this.#peer.addTransceiver(kind, { direction: 'recvonly' });
    }
  }

  #limitVideo(): void {
    const track = this.#sending.video;
    const sender = this.#peer._pc?.getSenders().find((known) => track && known.track === track);
    const parameters = sender?.getParameters();
    const [encoding] = parameters?.encodings ?? [];
    if (!track || !sender || !parameters || !encoding) return;
    const { maxHeight, maxBitrate, maxFramerate } = this.#videoLimit;
    const height = track.getSettings().height ?? maxHeight;
    const scaleResolutionDownBy = Math.max(1, height / maxHeight);
    Object.assign(encoding, { scaleResolutionDownBy, maxBitrate, maxFramerate });
    sender
      .setParameters(parameters)
      .catch((error) => console.info('The camera is sent without its limit.', error));
  }

  #listen(): void {
    const peer = this.#peer;
    let failure = { code: 'closed', message: 'The other side closed the connection.' };
    peer.on('signal', (signal) => this.emit('signal', toPeerSignal(signal)));
    peer.on('error', ({ code, message }) => {
      failure = { code: code ?? 'closed', message };
    });
    peer.on('close', () => this.emit('closed', failure));
    const connection = peer._pc;
    // simple-peer tells of tracks in streams only; a bare RTCPeerConnection may send without one.
    connection?.addEventListener('track', ({ track }) => this.emit('track', track));
    // The answer's tracks follow this event in the same task.
    connection?.addEventListener('signalingstatechange', () => {
      if (this.#initiator && connection.signalingState === 'stable') {
        setTimeout(() => this.emit('answered', undefined));
      }
    });
    // simple-peer's `connect` waits for a data channel, which a bare peer may not open.
    connection?.addEventListener('connectionstatechange', () =>
      this.emit('state', connection.connectionState),
    );
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
