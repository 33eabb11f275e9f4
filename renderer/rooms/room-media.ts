import { ProtocolError } from '../../protocol/errors.ts';
import type { SignalMessage } from '../../protocol/messages.ts';
import type { SignedModerationEvent } from '../../protocol/moderation.ts';
import type { IceServer, JoinRoomResponse, MuteState, Participant } from '../../protocol/rooms.ts';
import type { Api, Signer } from '../api/client.ts';
import { RoomChat, type RoomChatOptions } from '../chat/room-chat.ts';
import { FrameTap, type FrameTaps } from '../tracks/frame-tap.ts';
import { FrameEncryption } from './frame-encryption/frame-encryption.ts';
import { createMeshPeer } from './mesh-peer.ts';
import { MeshTopology, tracksOf } from './mesh-topology.ts';
import { createMeshTrust, nodeClockOffsetMs } from './mesh-trust.ts';
import type { UnsignedAct } from './moderator-acts.ts';
import { moderationApplied, moderationLifted } from './moderator-transitions.ts';
import type { MuteControl } from './mute-control.ts';
import type { NodeKeys } from './node-keys.ts';
import { PeerModeration, type SignedAct } from './peer-moderation.ts';
import { relayApiOf } from './relay/relay-api.ts';
import { RelayDuty } from './relay/relay-duty.ts';
import { ShownSizes } from './relay/shown-sizes.ts';
import { toRtcIceServer } from './rtc-ice-server.ts';
import type { SignallingClient } from './signalling-client.ts';
import { SparePeer } from './spare-peer.ts';
import type { StreamingStore } from './streaming-store.ts';
import { chatChanged, linkChanged, linkRemoved, selfMuted } from './streaming-transitions.ts';

/**
 * A new connection comes first, and who it leads to is shown then: a newcomer shows the room while
 * the answer to its offer is on its way (or once it has answered itself), those who are there once
 * the connection stands, for their rendering would hold up the newcomer's first picture.
 */
const AGREEMENT_MS = 300;
const STANDING_MS = 500;

export interface RoomMediaOptions {
  api: Api;
  store: StreamingStore;
  signer: Signer;
  nodeKeys: NodeKeys;
  mute: Pick<MuteControl, 'set' | 'applyToTracks'>;
  signalling: Pick<SignallingClient, 'send' | 'meshTicket' | 'setConnection'>;
  problem: (error: unknown) => void;
  /** This page has the native side, so that what is received may be recorded here. */
  canRecord: boolean;
  /** A message of the chat that was checked, by whomever. */
  said: RoomChatOptions['said'];
  unsaid: RoomChatOptions['unsaid'];
  /** The room's moderation has put us out, whether the node can say so or not. */
  ended: (reason: 'banned' | 'removed') => void;
}

/** The media of the room one is in: connections to everybody who is there, and who they show. */
export class RoomMedia {
  readonly #options: RoomMediaOptions;
  #mesh: MeshTopology | undefined;
  #moderation: PeerModeration | undefined;
  #chat: RoomChat | undefined;
  #encryption: FrameEncryption | undefined;
  #tap: FrameTap | undefined;
  #relay: RelayDuty | undefined;
  /** Outlives connections: places report it when it changes alone. */
  readonly #sizes = new ShownSizes();
  readonly #spare = new SparePeer();
  /** Ends the holds on the page for connections whose descriptions are being exchanged. */
  readonly #arrivals = new Map<string, () => void>();

  constructor(options: RoomMediaOptions) {
    this.#options = options;
  }

  /**
   * Connects to the people of a room that was just entered. Throws `streaming-unavailable` where
   * the room is encrypted and this browser can't do that.
   */
  start(answer: JoinRoomResponse, stream: MediaStream | undefined): void {
    const { store, signer, nodeKeys, signalling } = this.#options;
    const { room, peerId, meshTicket, turnServers } = answer;
    const ticket = () => signalling.meshTicket ?? meshTicket;
    const encryption = room.private ? this.#encrypt(room.roomId, peerId) : undefined;
    this.#tap = encryption ? undefined : this.#tapFor(answer);
    const transforms = encryption ?? this.#tap;
    const present = new Set(answer.participants.map((known) => known.peerId));
    const mesh = new MeshTopology({
      roomId: room.roomId,
      selfPeerId: peerId,
      iceServers: turnServers.map(toRtcIceServer),
      trust: createMeshTrust({ signer, nodeKeys, ticket }),
      stream,
      ...(transforms && { transforms }),
      createPeer: (options, tracks) =>
        this.#spare.take(options, tracks) ?? createMeshPeer(options, tracks),
      send: (message) => {
        signalling.send(message);
        if (message.type === 'signal:offer' && present.has(message.to)) {
          this.#arrivals.get(message.to)?.();
        }
      },
    });
    this.#mesh = mesh;
    this.#encryption = encryption;
    this.#relay = new RelayDuty({
      roomId: room.roomId,
      selfPeerId: peerId,
      api: relayApiOf(this.#options.api, room.roomId),
      iceServers: turnServers.map(toRtcIceServer),
      ...{ mesh, stream, encryption, sizes: this.#sizes },
      records: this.#options.canRecord && answer.participant.role === 'host',
      problem: (sentence) => this.#options.problem(new Error(sentence)),
    });
    this.#moderation = this.#moderate(answer, mesh, ticket);
    this.#chat = this.#chatOf(answer, mesh, ticket);
    mesh.on('link', ({ peerId, link }) => {
      store.apply(linkChanged, peerId, link);
      if (link.state !== 'connecting') this.#arrivals.get(peerId)?.();
      const relayed = Object.values(store.state.links).some((known) => known.relayed);
      signalling.setConnection(relayed ? 'turn' : 'direct');
    });
    mesh.on('open', ({ peerId }) => encryption?.peerOpened(peerId));
    mesh.on('message', ({ peerId, message }) => {
      if (message.type === 'frames:key') encryption?.received(peerId, message);
    });
    mesh.on('agreed', ({ peerId }) => {
      if (present.has(peerId)) this.#arrivals.get(peerId)?.();
    });
    mesh.on('unlinked', ({ peerId }) => {
      store.apply(linkRemoved, peerId);
      encryption?.peerGone(peerId);
      this.#arrivals.get(peerId)?.();
    });
    this.#relay.follow(room, answer.participants);
    this.connect(answer.participants, true);
    this.#spare.discard();
  }

  /** Begins a connection with this stream at the door; without one, gives that up. */
  rehearse(stream: MediaStream | undefined): void {
    if (stream) this.#spare.prepare(tracksOf(stream));
    else this.#spare.discard();
  }

  /** Connections to newcomers come first: rendering takes the time that their signalling needs. */
  connect(participants: readonly Participant[], entering = false): void {
    const { store } = this.#options;
    const mesh = this.#mesh;
    if (!mesh) return;
    const { links, self } = store.state;
    for (const { peerId } of participants) {
      if (peerId === self?.peerId || links[peerId] || this.#arrivals.has(peerId)) continue;
      const show = store.hold(entering ? AGREEMENT_MS : STANDING_MS);
      this.#arrivals.set(peerId, () => {
        this.#arrivals.delete(peerId);
        show();
      });
    }
    this.#moderation?.rosterChanged(participants);
    mesh.setRoster(participants);
  }

  /** The room should know which tracks do not come, or were switched off in the lobby. */
  tellInitialMute(known: MuteState, stream: MediaStream | undefined): void {
    const { store, mute, problem } = this.#options;
    const isOff = (kind: 'audio' | 'video') =>
      !stream?.getTracks().find((track) => track.kind === kind)?.enabled;
    const muted = { audio: isOff('audio'), video: isOff('video') };
    // Both at once: telling of one must not switch the other's track back on.
    store.apply(selfMuted, muted);
    for (const kind of ['audio', 'video'] as const) {
      if (muted[kind] !== known[kind]) mute.set(kind, muted[kind]).catch(problem);
    }
  }

  receive(message: SignalMessage): void {
    this.#mesh?.receive(message);
  }

  /** Acts of moderation as the node tells them. */
  moderated(events: readonly SignedModerationEvent[]): void {
    this.#moderation?.learn(events).catch(this.#options.problem);
  }

  /** Signs an act of one's own and tells the peers; `undefined` for who is no moderator. */
  async act(act: UnsignedAct): Promise<SignedAct | undefined> {
    const role = this.#options.store.state.self?.role;
    if (role !== 'host' && role !== 'cohost') return undefined;
    return this.#moderation?.act(act, role);
  }

  /** Says something to everybody. Rejects with `room-closed` outside of a room. */
  async say(text: string): Promise<void> {
    await this.#requireChat().say(text);
  }

  /** Takes a message away for everybody. */
  async unsay(messageId: string): Promise<void> {
    await this.#requireChat().unsay(messageId);
  }

  /** What carries the room's media now; `undefined` outside of one. */
  get relay(): RelayDuty | undefined {
    return this.#relay;
  }

  /** A place of this window shows a peer's picture so high, in device pixels. */
  reportShown(peerId: string, place: string, heightPx: number): void {
    this.#sizes.set(peerId, place, heightPx);
    this.#relay?.shownChanged(peerId);
  }

  setIceServers(servers: readonly IceServer[]): void {
    this.#relay?.setIceServers(servers.map(toRtcIceServer));
  }

  setLocalStream(stream: MediaStream | undefined): void {
    this.#relay?.setLocalStream(stream);
  }

  async stats(peerId: string): Promise<RTCStatsReport | undefined> {
    return this.#relay?.topology.stats(peerId);
  }

  /** Where a recording gets encoded frames from; `undefined` where it can't. */
  get taps(): FrameTaps[] {
    return [this.#encryption ?? this.#tap, this.#relay?.taps].filter((tap) => tap !== undefined);
  }

  stop(): void {
    const mesh = this.#mesh;
    this.#mesh = undefined;
    this.#moderation?.stop();
    this.#moderation = undefined;
    this.#chat?.stop();
    this.#chat = undefined;
    this.#relay?.stop();
    this.#relay = undefined;
    mesh?.stop();
    this.#encryption?.stop();
    this.#encryption = undefined;
    this.#tap?.stop();
    this.#tap = undefined;
  }

  /** Only whoever records pays for it: each frame passes through a worker. */
  #tapFor({ participant }: JoinRoomResponse): FrameTap | undefined {
    const mayRecord = this.#options.canRecord && participant.role === 'host';
    if (!mayRecord || !FrameEncryption.supported) return undefined;
    return new FrameTap((sentence) => this.#options.problem(new Error(sentence)));
  }

  #encrypt(roomId: string, selfPeerId: string): FrameEncryption {
    if (!FrameEncryption.supported) {
      throw new ProtocolError(
        'streaming-unavailable',
        'This room is encrypted end to end, and this browser can’t do that. Use a current Chrome, Edge, Firefox or Safari.',
      );
    }
    return new FrameEncryption({
      roomId,
      selfPeerId,
      send: (peerId, message) => void this.#mesh?.send(peerId, message),
      problem: (sentence) => this.#options.problem(new Error(sentence)),
    });
  }

  #requireChat(): RoomChat {
    if (this.#chat) return this.#chat;
    throw new ProtocolError('room-closed', 'You are in no room.');
  }

  #chatOf(answer: JoinRoomResponse, mesh: MeshTopology, ticket: () => string): RoomChat {
    const { store, signer, nodeKeys, said, unsaid } = this.#options;
    const { userId, displayName, role } = answer.participant;
    const clockOffsetMs = nodeClockOffsetMs(answer.meshTicket, Date.now());
    return new RoomChat({
      roomId: answer.room.roomId,
      self: { userId, displayName, role: () => store.state.self?.role ?? role },
      ...{ topology: mesh, signer, nodeKeys: nodeKeys.resolve, ticket, said, unsaid },
      now: () => Date.now() + clockOffsetMs,
      changed: (lines) => store.apply(chatChanged, lines),
    });
  }

  #moderate(answer: JoinRoomResponse, mesh: MeshTopology, ticket: () => string): PeerModeration {
    const { store, mute, signer, nodeKeys, ended } = this.#options;
    const { room, participant } = answer;
    const clockOffsetMs = nodeClockOffsetMs(answer.meshTicket, Date.now());
    return new PeerModeration({
      ...{ room, self: participant, topology: mesh, nodeKeys, signer, ticket, ended },
      now: () => Date.now() + clockOffsetMs,
      concerned: (events) => {
        for (const event of events) {
          const { peerId: targetPeerId } = participant;
          store.apply(moderationApplied, {
            ...{ ...event, type: 'moderation:applied', targetPeerId, event },
          });
        }
        mute.applyToTracks();
      },
      lifted: (kinds) => {
        store.apply(moderationLifted, kinds);
        mute.applyToTracks();
      },
      bansChanged: (bans) => this.#chat?.setBans(bans),
    });
  }
}
