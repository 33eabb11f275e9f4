import type { SignalMessage } from '../../protocol/messages.ts';
import { toCandidateInit, toMessage, toRenegotiation } from './mesh-messages.ts';
import type { LocalTracks, MeshPeer, MeshPeerOptions, PeerSignal } from './mesh-peer.ts';
import type { MeshTrust, SignedMessage } from './mesh-trust.ts';
import type { RetryPolicy } from './reconnect-delay.ts';
import { sdpSessionId } from './sdp.ts';
import type { PeerLink } from './streaming.ts';
import { FIRST_FRAME_MS, type VideoLimit } from './video-limit.ts';

/** The side that waits for an offer asks for one when none came for this long. */
const OFFER_OVERDUE_MS = 4_000;

/** What all links of a mesh share. */
export interface MeshContext {
  roomId: string;
  selfPeerId: string;
  iceServers: readonly RTCIceServer[];
  trust: MeshTrust;
  retry: RetryPolicy;
  send(message: SignalMessage): void;
  createPeer(options: MeshPeerOptions, tracks: LocalTracks): MeshPeer;
}

/** Whom a link leads to. */
export interface RemotePeer {
  peerId: string;
  userId: string;
  /** We make every offer. */
  initiator: boolean;
}

/** Whom a link tells of itself. */
export interface LinkListener {
  /** Its connection, picture or trouble changed. */
  changed(link: PeerLink): void;
  /** Both descriptions of a connection are known to both sides. */
  agreed(): void;
}

/**
 * The connection to one participant for as long as they are in the room: made, verified,
 * renegotiated, and made anew when it fails.
 */
export class MeshLink {
  readonly #context: MeshContext;
  readonly #remote: RemotePeer;
  readonly #listener: LinkListener;
  #tracks: LocalTracks;
  #link: PeerLink = { state: 'connecting' };
  #peer: MeshPeer | undefined;
  /** Session id of the remote connection that our peer talks to. */
  #remoteSession: string | undefined;
  #attempt = 0;
  #timer: number | undefined;
  #videoLimit: VideoLimit | undefined;
  /** Runs while the first frames have the way to themselves. */
  #firstFrameTimer: number | undefined;
  #closed = false;
  /** Verifying and signing take a moment: what follows waits, so that nothing overtakes. */
  #inbox: Promise<void> = Promise.resolve();
  #outbox: Promise<void> = Promise.resolve();

  constructor(
    context: MeshContext,
    remote: RemotePeer,
    tracks: LocalTracks,
    listener: LinkListener,
  ) {
    this.#context = context;
    this.#remote = remote;
    this.#tracks = tracks;
    this.#listener = listener;
    this.#update({});
    if (remote.initiator) this.#build();
    else this.#awaitOffer();
  }

  receive(message: SignalMessage): void {
    this.#inbox = this.#inbox
      .then(() => this.#handle(message))
      .catch((error) => this.#report('A message of this participant could not be handled.', error));
  }

  setTracks(tracks: LocalTracks): void {
    this.#tracks = tracks;
    this.#peer?.setTracks(tracks);
  }

  /** What the room allows each camera, once the connection stands. */
  setVideoLimit(limit: VideoLimit): void {
    this.#videoLimit = limit;
    if (this.#link.state === 'connected' && this.#firstFrameTimer === undefined) {
      this.#peer?.setVideoLimit(limit);
    }
  }

  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#peer?.stats();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#firstFrameTimer);
    this.#peer?.destroy();
    this.#peer = undefined;
  }

  async #handle(message: SignalMessage): Promise<void> {
    if (this.#closed) return;
    switch (message.type) {
      case 'signal:offer':
        if (!this.#remote.initiator && (await this.#isTrusted(message))) {
          this.#acceptOffer(message.description.sdp);
        }
        return;
      case 'signal:answer':
        if (this.#remote.initiator && (await this.#isTrusted(message))) {
          this.#acceptAnswer(message.description.sdp);
        }
        return;
      case 'signal:candidate':
        // The end of candidates (null) needs no telling: simple-peer does without it.
        if (message.candidate) {
          this.#peer?.signal({ type: 'candidate', candidate: toCandidateInit(message.candidate) });
        }
        return;
      case 'signal:renegotiate':
        if (!this.#remote.initiator) return;
        // They still wait for a first offer: ours was lost on the way.
        if (!this.#peer || this.#remoteSession === undefined) return this.#build();
        return this.#peer.signal(toRenegotiation(message.transceiver));
    }
  }

  async #isTrusted(message: SignedMessage): Promise<boolean> {
    const verdict = await this.#context.trust.verify(message, {
      roomId: this.#context.roomId,
      from: this.#remote.peerId,
      to: this.#context.selfPeerId,
      userId: this.#remote.userId,
    });
    if (this.#closed) return false;
    if (!verdict.ok) {
      console.warn(`A description of ${this.#remote.peerId} was refused: ${verdict.code}`);
      this.#update({ problem: verdict.sentence, ...(!this.#peer && { state: 'failed' }) });
    } else if (this.#link.problem !== undefined) {
      const { problem: _solved, ...link } = this.#link;
      this.#link = link;
      this.#update({});
    }
    return verdict.ok;
  }

  #acceptOffer(sdp: string): void {
    clearTimeout(this.#timer);
    const session = sdpSessionId(sdp);
    // A new session is a new connection on their side: ours has lost its counterpart.
    if (!this.#peer || session !== this.#remoteSession) this.#build();
    this.#remoteSession = session;
    this.#peer?.signal({ type: 'offer', sdp });
  }

  #acceptAnswer(sdp: string): void {
    const session = sdpSessionId(sdp);
    if (this.#remoteSession !== undefined && session !== this.#remoteSession) {
      this.#build();
      return;
    }
    this.#remoteSession = session;
    this.#peer?.signal({ type: 'answer', sdp });
  }

  #build(): void {
    clearTimeout(this.#timer);
    this.#remoteSession = undefined;
    const { initiator } = this.#remote;
    const former = this.#peer;
    const peer = this.#context.createPeer(
      { initiator, iceServers: this.#context.iceServers },
      this.#tracks,
    );
    this.#peer = peer;
    former?.destroy();
    peer.on('signal', (signal) => {
      if (this.#peer === peer) this.#send(signal);
    });
    peer.on('track', (track) => {
      if (this.#peer === peer) this.#addTrack(track);
    });
    peer.on('state', (state) => {
      if (this.#peer === peer) this.#follow(state);
    });
    peer.on('answered', () => {
      if (this.#peer === peer) this.#listener.agreed();
    });
    peer.on('closed', ({ code, message }) => {
      if (this.#peer === peer) this.#lose(`${code}: ${message}`);
    });
    if (this.#link.state !== 'connecting') this.#update({ state: 'connecting' });
  }

  #follow(state: RTCPeerConnectionState): void {
    if (state === 'connected') this.#stand();
    if (state === 'connected' || state === 'disconnected' || state === 'failed') {
      this.#update({ state });
    }
  }

  /** The connection stands; after its first frames it may send all that the room allows. */
  #stand(): void {
    this.#attempt = 0;
    clearTimeout(this.#firstFrameTimer);
    this.#firstFrameTimer = setTimeout(() => {
      this.#firstFrameTimer = undefined;
      if (this.#videoLimit) this.#peer?.setVideoLimit(this.#videoLimit);
    }, FIRST_FRAME_MS) as unknown as number;
  }

  #lose(reason: string): void {
    console.warn(`The connection to ${this.#remote.peerId} was lost: ${reason}`);
    this.#peer = undefined;
    this.#remoteSession = undefined;
    this.#update({ state: 'failed' });
    if (this.#remote.initiator) this.#after(this.#nextDelayMs(), () => this.#build());
    else this.#awaitOffer();
  }

  #awaitOffer(): void {
    this.#after(OFFER_OVERDUE_MS + this.#nextDelayMs(), () => {
      this.#send({ type: 'renegotiate' });
      this.#awaitOffer();
    });
  }

  #nextDelayMs(): number {
    return this.#context.retry.delayMs(this.#attempt++);
  }

  #after(ms: number, run: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(run, ms) as unknown as number;
  }

  /** A rebuilt connection's tracks take the place of the former ones. */
  #addTrack(track: MediaStreamTrack): void {
    // One stream for as long as the link lasts: an element that plays it follows its tracks,
    // while a new stream would have it start anew and show its first frame later.
    const stream = this.#link.stream ?? new MediaStream();
    for (const known of stream.getTracks()) {
      if (known.kind === track.kind) stream.removeTrack(known);
    }
    stream.addTrack(track);
    this.#update({ stream });
  }

  #update(change: Partial<PeerLink>): void {
    this.#link = { ...this.#link, ...change };
    this.#listener.changed(this.#link);
  }

  #send(signal: PeerSignal): void {
    this.#outbox = this.#outbox
      .then(async () => {
        const { roomId, selfPeerId: from, trust } = this.#context;
        const message = await toMessage(signal, { roomId, from, to: this.#remote.peerId }, trust);
        if (this.#closed) return;
        this.#context.send(message);
        if (message.type === 'signal:answer') this.#listener.agreed();
      })
      .catch((error) => this.#report('This participant could not be answered.', error));
  }

  #report(problem: string, error: unknown): void {
    console.error(problem, error);
    if (!this.#closed) this.#update({ problem });
  }
}
