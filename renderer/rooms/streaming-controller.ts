import { ProtocolError } from '../../protocol/errors.ts';
import { type ServerMessage, SignalMessage } from '../../protocol/messages.ts';
import type {
  CreateRoomRequest,
  Invite,
  JoinRoomResponse,
  Participant,
  PromoteRequest,
  Room,
} from '../../protocol/rooms.ts';
import type { Api, Signer } from '../api/client.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { SessionKeeper } from '../identity/session-keeper.ts';
import { reportActivity } from './activity-report.ts';
import { MeshTopology } from './mesh-topology.ts';
import { createMeshTrust } from './mesh-trust.ts';
import { MuteControl } from './mute-control.ts';
import { createNodeKeys, type NodeKeys } from './node-keys.ts';
import { RecordingDuty } from './recording-duty.ts';
import { SignallingClient } from './signalling-client.ts';
import type { StreamingActions } from './streaming.ts';
import { StreamingStore } from './streaming-store.ts';
import * as transitions from './streaming-transitions.ts';

export interface StreamingOptions {
  api: Api;
  sessionKeeper: SessionKeeper;
  signer: Signer;
  /** The native side; without it nothing can be recorded here. */
  bridge?: Bridge;
}

/** Messages that come while the node's answer to a join is still on its way. */
const EARLY_MESSAGES = 200;

/** A click on Join is answered by this time, if only by a sign that it was heard. */
const CLICK_HEARD_MS = 100;

/** Descriptions of a new connection are exchanged first, and shown is who it leads to then. */
const AGREEMENT_MS = 300;

/** Rooms without React: what `useStreaming` offers, and the state behind it. */
export class StreamingController implements StreamingActions {
  readonly store = new StreamingStore();
  readonly #options: StreamingOptions;
  readonly #signalling: SignallingClient;
  readonly #nodeKeys: NodeKeys;
  readonly #mute: MuteControl;
  readonly #recording: RecordingDuty | undefined;
  #mesh: MeshTopology | undefined;
  #early: ServerMessage[] = [];
  #joinClickedAtMs = 0;
  /** Ends the holds on the page for connections whose descriptions are being exchanged. */
  readonly #agreements = new Map<string, () => void>();

  constructor(options: StreamingOptions) {
    this.#options = options;
    const { api, bridge, sessionKeeper } = options;
    this.#nodeKeys = createNodeKeys(api);
    this.#mute = new MuteControl(api, this.store);
    this.#recording = bridge && new RecordingDuty({ api, bridge, store: this.store });
    this.#signalling = new SignallingClient({
      url: socketUrl(api.baseUrl),
      sessions: sessionKeeper,
    });
    this.#signalling.on('state', (state) => this.store.apply(transitions.signallingChanged, state));
    this.#signalling.on('message', (message) => this.#receive(message));
    this.#signalling.on('rejoined', (answer) => this.#comeBack(answer));
    this.#signalling.on('lost', (error) => this.#endHere('lost', error));
    this.#signalling.on('replaced', () => this.#endHere('replaced'));
    if (bridge) reportActivity(this.store, bridge);
  }

  prepare = async (): Promise<void> => {
    const socket = async () => {
      if (await this.#options.sessionKeeper.token()) await this.#signalling.open();
    };
    // Joining does all this again where it did not succeed, and then says what is wrong.
    for (const outcome of await Promise.allSettled([this.#nodeKeys.prepare(), socket()])) {
      if (outcome.status === 'rejected') console.info('Not prepared yet.', outcome.reason);
    }
  };

  launch = (request: CreateRoomRequest, stream: MediaStream | undefined): Promise<Room> =>
    this.#enter(stream, async () => {
      const answer = await this.#signalling.create(request);
      return { answer, invites: answer.invites };
    });

  join = (request: {
    roomId: string;
    invitationToken?: string;
    stream: MediaStream | undefined;
  }): Promise<Room> => {
    const { stream, ...wanted } = request;
    return this.#enter(stream, async () => ({ answer: await this.#signalling.join(wanted) }));
  };

  leave = async (): Promise<void> => {
    const room = this.#requireRoom();
    await this.#recording?.finish();
    this.#takeDown();
    this.store.apply(transitions.left);
    await this.#options.api.leaveRoom(room.roomId);
  };

  end = async (): Promise<void> => {
    const room = this.#requireRoom();
    if (room.recording === 'starting' || room.recording === 'recording') {
      await this.#options.api.setRecording(room.roomId, false);
    }
    await this.#recording?.finish();
    await this.#options.api.endRoom(room.roomId);
    this.#endHere('ended-by-host');
  };

  setMuted = (kind: 'audio' | 'video', muted: boolean): Promise<void> =>
    this.#mute.set(kind, muted);

  setLocalStream = (stream: MediaStream | undefined): void => {
    this.store.apply(transitions.localStreamChanged, stream);
    this.#mute.applyToTracks();
    this.#mesh?.setLocalStream(stream);
  };

  reportFirstFrame = (peerId: string): void => {
    const firstFrameMs = performance.now() - this.#joinClickedAtMs;
    this.store.apply(transitions.firstFrameSeen, peerId, firstFrameMs);
  };

  peerStats = async (peerId: string): Promise<RTCStatsReport | undefined> =>
    this.#mesh?.stats(peerId);

  goLive = async (request: PromoteRequest): Promise<string> => {
    const { postId } = await this.#options.api.promote(this.#requireRoom().roomId, request);
    return postId;
  };

  setRecording = async (enabled: boolean): Promise<void> => {
    const room = this.#requireRoom();
    if (!this.#recording) {
      throw new ProtocolError(
        'streaming-unavailable',
        'Only the studio’s own window can record. Open the studio on the host’s computer.',
      );
    }
    const told = this.#options.api.setRecording(room.roomId, enabled);
    // Stopping needs no permission: the last slice is on its way while the node is told.
    await (enabled ? told : Promise.all([told, this.#recording.finish()]));
  };

  dismiss = (): void => this.store.apply(transitions.dismissed);

  /** The page goes away: the others should not wait for heartbeats that never come. */
  leaveOnExit = (): void => {
    const { room, phase } = this.store.state;
    const token = this.#options.sessionKeeper.current?.token;
    if (phase !== 'inside' || !room || !token) return;
    this.#options.api.leaveRoomOnExit(room.roomId, token);
    this.#takeDown();
    this.#signalling.close();
  };

  async #enter(
    stream: MediaStream | undefined,
    ask: () => Promise<{ answer: JoinRoomResponse; invites?: readonly Invite[] }>,
  ): Promise<Room> {
    const { phase } = this.store.state;
    if (phase === 'inside' || phase === 'joining') {
      throw new ProtocolError('forbidden', 'Leave the room you are in before you enter another.');
    }
    this.#joinClickedAtMs = performance.now();
    performance.mark('swarm:join');
    this.#early = [];
    const show = this.store.hold(CLICK_HEARD_MS);
    this.store.apply(transitions.joining);
    try {
      const [{ answer, invites }] = await Promise.all([ask(), this.#nodeKeys.prepare()]);
      this.store.apply(transitions.joined, answer, { stream, invites });
      performance.mark('swarm:joined');
      this.#start(answer, stream);
      return answer.room;
    } catch (error) {
      this.#signalling.leaveRoom();
      this.store.apply(transitions.left);
      throw error;
    } finally {
      show();
    }
  }

  #start(answer: JoinRoomResponse, stream: MediaStream | undefined): void {
    const { room, peerId, meshTicket, turnServers, participant } = answer;
    const trust = createMeshTrust({
      signer: this.#options.signer,
      nodeKeys: this.#nodeKeys,
      ticket: () => this.#signalling.meshTicket ?? meshTicket,
    });
    const mesh = new MeshTopology({
      roomId: room.roomId,
      selfPeerId: peerId,
      iceServers: turnServers.map(toRtcIceServer),
      trust,
      stream,
      send: (message) => this.#signalling.send(message),
    });
    this.#mesh = mesh;
    mesh.on('link', ({ peerId, link }) => this.store.apply(transitions.linkChanged, peerId, link));
    mesh.on('agreed', ({ peerId }) => this.#agreements.get(peerId)?.());
    mesh.on('unlinked', ({ peerId }) => {
      this.store.apply(transitions.linkRemoved, peerId);
      this.#agreements.get(peerId)?.();
    });
    this.#connect(mesh, answer.participants);
    for (const message of this.#early.splice(0)) this.#receive(message);
    this.#tellInitialMute(participant.muted, stream);
  }

  /** Connections to newcomers come first: rendering takes the time that their signalling needs. */
  #connect(mesh: MeshTopology, participants: readonly Participant[]): void {
    const { links, self } = this.store.state;
    for (const { peerId } of participants) {
      if (peerId === self?.peerId || links[peerId] || this.#agreements.has(peerId)) continue;
      const show = this.store.hold(AGREEMENT_MS);
      this.#agreements.set(peerId, () => {
        this.#agreements.delete(peerId);
        show();
      });
    }
    mesh.setRoster(participants);
  }

  /** The room should know which tracks do not come, or were switched off in the lobby. */
  #tellInitialMute(known: { audio: boolean; video: boolean }, stream: MediaStream | undefined) {
    const isOff = (kind: 'audio' | 'video') =>
      !stream?.getTracks().find((track) => track.kind === kind)?.enabled;
    const muted = { audio: isOff('audio'), video: isOff('video') };
    // Both at once: telling of one must not switch the other's track back on.
    this.store.apply(transitions.selfMuted, muted);
    for (const kind of ['audio', 'video'] as const) {
      if (muted[kind] === known[kind]) continue;
      this.#mute.set(kind, muted[kind]).catch((error) => this.#problem(error));
    }
  }

  #receive(message: ServerMessage): void {
    if (this.store.state.phase === 'joining') {
      if (this.#early.length < EARLY_MESSAGES) this.#early.push(message);
      return;
    }
    const signal = SignalMessage.safeParse(message);
    if (signal.success) {
      this.#mesh?.receive(signal.data);
      return;
    }
    const { room } = this.store.state;
    if (!room || ('roomId' in message && message.roomId !== room.roomId)) return;
    switch (message.type) {
      case 'room:update':
        if (this.#mesh) this.#connect(this.#mesh, message.participants);
        this.store.apply(
          transitions.roomUpdated,
          message.room,
          message.participants,
          this.#mute.pending,
        );
        this.#mute.applyToTracks();
        return;
      case 'room:status':
        this.store.apply(transitions.statusReported, message.concurrentViewers);
        return;
      case 'room:ended':
        this.#endHere(message.reason);
        return;
      case 'error':
        // Said to somebody who has just left: the roster that says so is on its way.
        if (message.code === 'peer-not-found') return;
        this.#problem(new ProtocolError(message.code, message.message));
        return;
    }
  }

  /** The socket is back. Media went on meanwhile, unless we are somebody else to the room now. */
  #comeBack(answer: JoinRoomResponse): void {
    const { self } = this.store.state;
    const samePeer = self?.peerId === answer.peerId;
    this.store.apply(transitions.rejoined, answer);
    if (samePeer) return;
    this.#mesh?.stop();
    this.#start(answer, self?.stream);
  }

  #endHere(reason: Parameters<typeof transitions.ended>[1], error?: ProtocolError): void {
    this.#takeDown();
    const problem = error && { code: error.code, message: error.message };
    this.store.apply(transitions.ended, reason, problem);
  }

  #takeDown(): void {
    this.#signalling.leaveRoom();
    this.#mute.reset();
    const mesh = this.#mesh;
    this.#mesh = undefined;
    mesh?.stop();
  }

  #problem(error: unknown): void {
    console.warn('The room met a problem.', error);
    const code = error instanceof ProtocolError ? error.code : 'internal';
    const message = error instanceof Error ? error.message : String(error);
    this.store.apply(transitions.problemMet, { code, message });
  }

  #requireRoom(): Room {
    const { room, phase } = this.store.state;
    if (phase === 'inside' && room) return room;
    throw new ProtocolError('room-closed', 'You are not in a room any more.');
  }
}

/** The node's `/ws`, for its own origin or the page's. */
function socketUrl(baseUrl: string): string {
  const url = new URL('/ws', baseUrl || location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

function toRtcIceServer(server: JoinRoomResponse['turnServers'][number]): RTCIceServer {
  return {
    urls: server.urls,
    ...(server.username !== undefined && { username: server.username }),
    ...(server.credential !== undefined && { credential: server.credential }),
  };
}
