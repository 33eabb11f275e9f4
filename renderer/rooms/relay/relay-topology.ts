import type { PeerMessage } from '../../../protocol/peer-messages.ts';
import type { RelayProducer } from '../../../protocol/relay.ts';
import type { Participant } from '../../../protocol/rooms.ts';
import type { Overlay, Silenced } from '../link-media.ts';
import type { LocalTracks } from '../mesh-senders.ts';
import { type MeshTopology, tracksOf } from '../mesh-topology.ts';
import type { RetryPolicy } from '../reconnect-delay.ts';
import type { Topology } from '../topology.ts';
import { DecodedFrames, moreFrames } from './decoded-frames.ts';
import { type RelayedTrack, RelaySession, type RelaySessionOptions } from './relay-session.ts';

type Kind = RelayedTrack['kind'];

/** The first frames come in fits and starts: a picture that is to follow another one waits for these. */
const STEADY_FRAMES = 5;
/** Longest that a relayed picture stands in for one that comes from the peer again. */
const HAND_BACK_MS = 5_000;
/** Ours is sent to the relay for so long at most: peers hear a little later of it than we do. */
const SENT_ON_MS = HAND_BACK_MS + 1_000;
/** Who came so long ago and has not said what it gets by the relay is sent everything directly. */
const UNHEARD_MS = 4_000;
const NOTHING: Silenced = { audio: false, video: false };
const EVERYTHING: Silenced = { audio: true, video: true };

export interface RelayTopologyOptions extends Omit<RelaySessionOptions, 'tracks' | 'iceServers'> {
  /** Connects everybody to everybody, and goes on doing so: messages go from peer to peer. */
  mesh: MeshTopology;
  stream: MediaStream | undefined;
  /** Ours may be sent to the relay. */
  isSending: boolean;
  /** How high a peer's picture is shown here, in device pixels. */
  shownHeight: (peerId: string) => number;
  iceServers: readonly RTCIceServer[];
  retry: RetryPolicy;
  /** The node refused, or can't be used from here; told with a sentence. */
  problem: (sentence: string) => void;
}

/**
 * Media over a node's relay, and everything else over the mesh, which stays: what people say to each
 * other, their moderation and the keys of their frames never go through the relay. A peer's picture
 * moves when its first relayed frame is there, and stays where it is while that does not come; a
 * peer that gets ours by the relay says so, and is sent it no more by the mesh.
 */
export class RelayTopology implements Topology {
  readonly kind = 'relay';
  readonly #options: RelayTopologyOptions;
  readonly #mesh: MeshTopology;
  readonly on: Topology['on'];
  #session: RelaySession | undefined;
  #decoded: DecodedFrames | undefined;
  #tracks: LocalTracks;
  #isSending: boolean;
  #iceServers: readonly RTCIceServer[];
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Tracks that come by the relay and show. */
  readonly #shown = new Map<string, Partial<Record<Kind, MediaStreamTrack>>>();
  /** Peers who show what of ours comes by the relay. */
  readonly #relayedTo = new Set<string>();
  #allAreDirect: () => void = () => undefined;
  /** Peers of whom something relayed stands in the place of what comes directly. */
  readonly #overlaid = new Set<string>();
  /** Peers who said what they get, and those who may yet. */
  readonly #heard = new Set<string>();
  readonly #unheard = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #stopListening: (() => void)[];
  #isHandingBack = false;
  #isStopped = false;

  constructor(options: RelayTopologyOptions) {
    this.#options = options;
    this.#mesh = options.mesh;
    this.#tracks = tracksOf(options.stream);
    this.#isSending = options.isSending;
    this.#iceServers = options.iceServers;
    this.on = this.#mesh.on.bind(this.#mesh);
    this.#stopListening = [
      this.#mesh.on('message', ({ peerId, message }) => {
        if (message.type !== 'relay:receiving') return;
        this.#hear(peerId);
        this.#mesh.withhold(peerId, message);
        if (message.audio || message.video) this.#relayedTo.add(peerId);
        if (message.direct) this.#needsNoRelay(peerId);
      }),
      this.#mesh.on('open', ({ peerId }) => this.#opened(peerId)),
      this.#mesh.on('unlinked', ({ peerId }) => {
        this.#shown.delete(peerId);
        this.#overlaid.delete(peerId);
        this.#needsNoRelay(peerId);
        this.#heard.delete(peerId);
        clearTimeout(this.#unheard.get(peerId));
      }),
    ];
    // Who comes now gets it by the relay from the start.
    this.#mesh.withholdFromNew(EVERYTHING);
    this.#open();
  }

  setRoster(participants: readonly Participant[]): void {
    this.#mesh.setRoster(participants);
  }

  setLocalStream(stream: MediaStream | undefined): void {
    this.#tracks = tracksOf(stream);
    this.#mesh.setLocalStream(stream);
    this.#session?.setTracks(this.#sent);
  }

  /** Whether ours may be sent to the relay: not while one only listens. */
  setSending(isSending: boolean): void {
    this.#isSending = isSending;
    this.#session?.setTracks(this.#sent);
  }

  setSilenced(peerId: string, silenced: Silenced): void {
    this.#mesh.setSilenced(peerId, silenced);
  }

  block(userIds: ReadonlySet<string>): void {
    this.#mesh.block(userIds);
  }

  setIceServers(servers: readonly RTCIceServer[]): void {
    this.#iceServers = servers;
    this.#mesh.setIceServers(servers);
  }

  send(peerId: string, message: PeerMessage): boolean {
    return this.#mesh.send(peerId, message);
  }

  broadcast(message: PeerMessage): void {
    this.#mesh.broadcast(message);
  }

  /** How large a peer's picture is shown has changed. */
  shownChanged(peerId: string): void {
    // Until it shows, it has to come, so that its first frame is seen.
    if (!this.#shown.get(peerId)?.video) return;
    this.#session?.setShown(peerId, this.#options.shownHeight(peerId));
  }

  async stats(peerId: string): Promise<RTCStatsReport | undefined> {
    const isRelayed = this.#shown.has(peerId);
    return (isRelayed && (await this.#session?.stats(peerId))) || this.#mesh.stats(peerId);
  }

  /** What the node says is sent to the relay. */
  producersChanged(producers: readonly RelayProducer[]): void {
    this.#session?.producersChanged(producers);
  }

  /** The node says that our transports are gone. */
  closed(): void {
    this.#lose('The relay was begun anew.');
  }

  /**
   * Media goes from peer to peer again. Pictures stay until those that come directly are there, here
   * and at the peers, whom the relay has ours for meanwhile; resolves when it is over.
   */
  async handBack(): Promise<void> {
    this.#isHandingBack = true;
    this.#mesh.withholdFromNew(NOTHING);
    clearTimeout(this.#timer);
    const allAreDirect = new Promise<void>((resolve) => {
      this.#allAreDirect = resolve;
      this.#timer = setTimeout(resolve, SENT_ON_MS);
      if (this.#relayedTo.size === 0) resolve();
    });
    const peerIds = [...this.#shown.keys()];
    this.#shown.clear();
    for (const peerId of peerIds) this.#tell(peerId);
    await Promise.all(
      peerIds.map(async (peerId) => {
        await moreFrames(() => this.#mesh.stats(peerId), STEADY_FRAMES, HAND_BACK_MS);
        if (this.#isStopped) return;
        this.#overlay(peerId, {});
        this.#mesh.send(peerId, { type: 'relay:receiving', ...NOTHING, direct: true });
      }),
    );
    await allAreDirect;
    this.stop();
  }

  /** Ends the relaying; the mesh is left as it is. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#allAreDirect();
    this.#decoded?.stop();
    for (const peerId of [...this.#overlaid]) this.#overlay(peerId, {});
    for (const stop of this.#stopListening) stop();
    for (const timer of this.#unheard.values()) clearTimeout(timer);
    this.#session?.stop();
    this.#mesh.withholdNothing();
  }

  get #sent(): LocalTracks {
    return this.#isSending ? this.#tracks : { audio: undefined, video: undefined };
  }

  #open(): void {
    const { api, frames, createDevice, selfPeerId } = this.#options;
    const session = new RelaySession({
      ...{ selfPeerId, api, frames, tracks: this.#sent, iceServers: this.#iceServers },
      ...(createDevice && { createDevice }),
    });
    this.#session = session;
    const decoded = new DecodedFrames(() => session.stats());
    this.#decoded = decoded;
    session.on('track', (relayed) => void this.#arrived(decoded, relayed));
    session.on('gone', ({ peerId, kind }) => this.#hide(peerId, kind));
    session.on('failed', ({ reason }) => this.#lose(reason));
    session.start().then(
      () => {
        this.#attempt = 0;
      },
      (error: unknown) => {
        if (session !== this.#session || this.#isStopped) return;
        this.#options.problem(
          `This window can’t reach the room’s relay, so its pictures go from person to person as before. ${error instanceof Error ? error.message : ''}`,
        );
        this.#lose(String(error));
      },
    );
  }

  /** Everything comes from the peers again until another session is open. */
  #lose(reason: string): void {
    if (this.#isStopped || this.#isHandingBack) return;
    console.info('The relay was lost.', reason);
    this.#session?.stop();
    this.#session = undefined;
    this.#decoded?.stop();
    const peerIds = [...this.#shown.keys()];
    this.#shown.clear();
    for (const peerId of peerIds) this.#overlay(peerId, {});
    // To those as well whose pictures never came by it.
    this.#mesh.broadcast({ type: 'relay:receiving', ...NOTHING, direct: true });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), this.#options.retry.delayMs(this.#attempt++));
  }

  async #arrived(decoded: DecodedFrames, { peerId, kind, track }: RelayedTrack): Promise<void> {
    const frames = this.#mesh.comes(peerId, kind) ? STEADY_FRAMES : 1;
    if (!(await decoded.of(track, frames)) || this.#isStopped || this.#isHandingBack) return;
    const shown = { ...this.#shown.get(peerId), [kind]: track };
    this.#shown.set(peerId, shown);
    this.#overlay(peerId, shown);
    this.#tell(peerId);
    this.shownChanged(peerId);
  }

  #opened(peerId: string): void {
    if (this.#shown.has(peerId)) this.#tell(peerId);
    if (this.#heard.has(peerId)) return;
    clearTimeout(this.#unheard.get(peerId));
    const timer = setTimeout(() => this.#mesh.withhold(peerId, NOTHING), UNHEARD_MS);
    this.#unheard.set(peerId, timer);
  }

  #hear(peerId: string): void {
    this.#heard.add(peerId);
    clearTimeout(this.#unheard.get(peerId));
    this.#unheard.delete(peerId);
  }

  #hide(peerId: string, kind: Kind): void {
    const { [kind]: _gone, ...shown } = this.#shown.get(peerId) ?? {};
    if (Object.keys(shown).length === 0) this.#shown.delete(peerId);
    else this.#shown.set(peerId, shown);
    this.#overlay(peerId, shown);
    this.#tell(peerId);
  }

  #needsNoRelay(peerId: string): void {
    this.#relayedTo.delete(peerId);
    if (this.#relayedTo.size === 0) this.#allAreDirect();
  }

  #overlay(peerId: string, shown: Overlay): void {
    if (Object.keys(shown).length > 0) this.#overlaid.add(peerId);
    else this.#overlaid.delete(peerId);
    this.#mesh.overlay(peerId, shown);
  }

  /** A peer need not send us twice what we get by the relay. */
  #tell(peerId: string): void {
    const { audio, video } = this.#shown.get(peerId) ?? {};
    this.#mesh.send(peerId, {
      type: 'relay:receiving',
      audio: audio !== undefined,
      video: video !== undefined,
    });
  }
}
