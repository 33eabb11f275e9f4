import type { SignalMessage } from '../../protocol/messages.ts';
import type { PeerMessage } from '../../protocol/peer-messages.ts';
import type { FrameTransforms } from './frame-transforms.ts';
import { LinkMedia, type Overlay, type Silenced } from './link-media.ts';
import { MeshConnection } from './mesh-connection.ts';
import type { LinkListener, LinkStart, MeshContext, RemotePeer } from './mesh-context.ts';
import { toCandidateInit, toMessage, toRenegotiation } from './mesh-messages.ts';
import type { PeerSignal } from './mesh-peer.ts';
import type { LocalTracks } from './mesh-senders.ts';
import type { SignedMessage } from './mesh-trust.ts';
import { sdpSessionId } from './sdp.ts';
import type { PeerLink } from './streaming.ts';
import type { VideoLimit } from './video-limit.ts';

/** The side that waits for an offer asks for one when none came for this long. */
const OFFER_OVERDUE_MS = 4_000;

/**
 * The connection to one participant for as long as they are in the room: made, verified,
 * renegotiated, brought back when its path dies, and made anew when that fails.
 */
export class MeshLink {
  readonly #context: MeshContext;
  readonly #remote: RemotePeer;
  readonly #listener: LinkListener;
  readonly #media: LinkMedia;
  #tracks: LocalTracks;
  #withheld: Silenced;
  #link: PeerLink = { state: 'connecting' };
  #connection: MeshConnection | undefined;
  /** Session id of the remote connection that our peer talks to. */
  #remoteSession: string | undefined;
  #attempt = 0;
  #timer: number | undefined;
  #videoLimit: VideoLimit | undefined;
  #closed = false;
  /** Verifying and signing take a moment: what follows waits, so that nothing overtakes. */
  #inbox: Promise<void> = Promise.resolve();
  #outbox: Promise<void> = Promise.resolve();

  constructor(
    context: MeshContext,
    remote: RemotePeer,
    { tracks, silenced, withheld }: LinkStart,
    listener: LinkListener,
  ) {
    this.#context = context;
    this.#remote = remote;
    this.#tracks = tracks;
    this.#withheld = withheld;
    this.#media = new LinkMedia(silenced);
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
    this.#connection?.setTracks(this.#sent);
  }

  /** Kinds of ours that the peer is not sent, because it gets them another way. */
  setWithheld(withheld: Silenced): void {
    this.#withheld = withheld;
    this.#connection?.setTracks(this.#sent);
  }

  /** Whether such a track of the peer's comes directly at present. */
  comes(kind: 'audio' | 'video'): boolean {
    return this.#media.comes(kind);
  }

  /** Tracks of the peer's that came another way and show instead. */
  setOverlay(overlay: Overlay): void {
    this.#update({ stream: this.#media.setOverlay(overlay) });
  }

  /** What the room allows each camera, once the connection stands. */
  setVideoLimit(limit: VideoLimit): void {
    this.#videoLimit = limit;
    this.#connection?.setRoomLimit(limit);
  }

  setSilenced(silenced: Silenced): void {
    this.#media.setSilenced(silenced);
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.#connection?.setIceServers(servers);
  }

  networkChanged(): void {
    this.#connection?.networkChanged();
  }

  /** Whether an open channel took it. */
  send(message: PeerMessage): boolean {
    return this.#connection?.send(message) ?? false;
  }

  async stats(): Promise<RTCStatsReport | undefined> {
    return this.#connection?.stats();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#drop();
  }

  get #sent(): LocalTracks {
    const { audio, video } = this.#withheld;
    return {
      audio: audio ? undefined : this.#tracks.audio,
      video: video ? undefined : this.#tracks.video,
    };
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
          const candidate = toCandidateInit(message.candidate);
          this.#connection?.signal({ type: 'candidate', candidate });
        }
        return;
      case 'signal:renegotiate':
        if (this.#remote.initiator) this.#offerAnew(message);
        return;
    }
  }

  #offerAnew(asked: Extract<SignalMessage, { type: 'signal:renegotiate' }>): void {
    const { transceiver, iceRestart } = asked;
    // They still wait for a first offer: ours was lost on the way.
    if (!this.#connection || this.#remoteSession === undefined) this.#build();
    // A bare client may not know how to ask for a restart: where we see trouble too, it does.
    else if (iceRestart || (!transceiver && this.#link.state === 'disconnected')) {
      this.#connection.restartAsked();
    } else this.#connection.signal(toRenegotiation(transceiver));
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
      this.#update({ problem: verdict.sentence, ...(!this.#connection && { state: 'failed' }) });
    } else this.#forget('problem');
    return verdict.ok;
  }

  #acceptOffer(sdp: string): void {
    clearTimeout(this.#timer);
    const session = sdpSessionId(sdp);
    // A new session is a new connection on their side: ours has lost its counterpart.
    if (!this.#connection || session !== this.#remoteSession) this.#build();
    this.#remoteSession = session;
    this.#connection?.signal({ type: 'offer', sdp });
  }

  #acceptAnswer(sdp: string): void {
    const session = sdpSessionId(sdp);
    if (this.#remoteSession !== undefined && session !== this.#remoteSession) {
      this.#build();
      return;
    }
    this.#remoteSession = session;
    this.#connection?.signal({ type: 'answer', sdp });
  }

  #build(): void {
    clearTimeout(this.#timer);
    this.#drop();
    const { initiator, peerId } = this.#remote;
    const { iceServers, transforms, createPeer, restarts } = this.#context;
    const peer = createPeer(
      { initiator, iceServers, ...(transforms && transforming(transforms, peerId)) },
      this.#sent,
    );
    this.#connection = new MeshConnection(peer, { initiator, restarts });
    if (this.#videoLimit) this.#connection.setRoomLimit(this.#videoLimit);
    this.#listen(this.#connection);
    if (this.#link.state !== 'connecting') this.#update({ state: 'connecting' });
  }

  #listen(connection: MeshConnection): void {
    connection.on('signal', (signal) => this.#send(signal));
    connection.on('track', (track) => this.#update({ stream: this.#media.add(track) }));
    connection.on('answered', () => this.#listener.agreed());
    connection.on('path', (state) => {
      if (state === 'connected') this.#attempt = 0;
      this.#update({ state });
    });
    connection.on('restarting', (restarting) => {
      if (restarting) this.#update({ restarting });
      else this.#forget('restarting');
    });
    connection.on('relayed', (relayed) => this.#update({ relayed }));
    connection.on('open', () => this.#listener.opened());
    connection.on('message', (message) => this.#listener.heard(message));
    connection.on('lost', ({ reason }) => this.#lose(reason));
  }

  #lose(reason: string): void {
    console.warn(`The connection to ${this.#remote.peerId} was lost: ${reason}`);
    this.#drop();
    this.#update({ state: 'failed' });
    if (this.#remote.initiator) this.#after(this.#nextDelayMs(), () => this.#build());
    else this.#awaitOffer();
  }

  #drop(): void {
    this.#connection?.end();
    this.#connection = undefined;
    this.#remoteSession = undefined;
    const { relayed: _path, restarting: _way, ...link } = this.#link;
    this.#link = link;
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

  #update(change: Partial<PeerLink>): void {
    this.#link = { ...this.#link, ...change };
    this.#listener.changed(this.#link);
  }

  #forget(key: 'problem' | 'restarting'): void {
    if (this.#link[key] === undefined) return;
    const { [key]: _solved, ...link } = this.#link;
    this.#link = link;
    this.#update({});
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

/** What its frames pass through, as a peer takes it. */
function transforming(transforms: FrameTransforms, peerId: string) {
  const { videoMimeType } = transforms;
  return {
    ...(videoMimeType && { videoMimeType }),
    ...(transforms.protect && {
      protect: (sender: RTCRtpSender) => transforms.protect?.(sender, peerId),
    }),
    open: (receiver: RTCRtpReceiver) => transforms.open(receiver, peerId),
  };
}
