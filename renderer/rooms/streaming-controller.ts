import { ProtocolError } from '../../protocol/errors.ts';
import type {
  CreateRoomRequest,
  JoinRoomResponse,
  PromoteRequest,
  Room,
} from '../../protocol/rooms.ts';
import type { Api, Signer } from '../api/client.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { SessionKeeper } from '../identity/session-keeper.ts';
import { reportActivity } from './activity-report.ts';
import { watchDevices } from './device-loss.ts';
import { Door } from './door.ts';
import { Invitations } from './invitations.ts';
import { Moderator } from './moderator.ts';
import { followModeration } from './moderator-duty.ts';
import { MuteControl } from './mute-control.ts';
import { createNodeKeys } from './node-keys.ts';
import { RecordingDuty } from './recording-duty.ts';
import { RoomEntry } from './room-entry.ts';
import { RoomMedia } from './room-media.ts';
import { RoomNews } from './room-news.ts';
import type { SignallingClient } from './signalling-client.ts';
import type { EndedReason, HeartbeatEcho, RecordingMarker, StreamingActions } from './streaming.ts';
import { StreamingStore } from './streaming-store.ts';
import * as transitions from './streaming-transitions.ts';

export interface StreamingOptions {
  api: Api;
  sessionKeeper: SessionKeeper;
  signer: Signer;
  /** The window's way to the node; the controller's from now on. */
  signalling: SignallingClient;
  /** The native side; without it nothing can be recorded here. */
  bridge?: Bridge;
}

/** Rooms without React: what `useStreaming` offers, and the state behind it. */
export class StreamingController implements StreamingActions {
  readonly store = new StreamingStore();
  readonly #options: StreamingOptions;
  readonly #signalling: SignallingClient;
  readonly #mute: MuteControl;
  readonly #recording: RecordingDuty | undefined;
  readonly #media: RoomMedia;
  readonly #entry: RoomEntry;
  readonly #door: Door;
  readonly #invitations: Invitations;
  readonly #moderator: Moderator;
  readonly #news: RoomNews;
  readonly #prepareKeys: () => Promise<void>;

  constructor(options: StreamingOptions) {
    this.#options = options;
    const { api, bridge, signer, signalling } = options;
    const { store } = this;
    const problem = (error: unknown) => this.#problem(error);
    const nodeKeys = createNodeKeys(api);
    const mute = new MuteControl(api, store);
    const media = new RoomMedia({
      ...{ api, store, signer, nodeKeys, mute, signalling, problem },
      canRecord: bridge !== undefined,
      ended: (reason) => this.#endHere(reason),
      said: (line, agoMs) => this.#recording?.keepChat(line, agoMs).catch(problem),
      unsaid: (messageId) => this.#recording?.forgetChat(messageId).catch(problem),
    });
    const entry = new RoomEntry({
      api,
      store,
      signalling,
      nodeKeys,
      entered: (answer, stream, early) => {
        this.#recording?.entered(answer);
        media.start(answer, stream);
        for (const message of early) this.#news.receive(message);
        media.tellInitialMute(answer.participant.muted, stream);
      },
    });
    this.#prepareKeys = () => nodeKeys.prepare();
    this.#signalling = signalling;
    this.#mute = mute;
    this.#recording = bridge && new RecordingDuty({ api, bridge, store, taps: () => media.taps });
    this.#media = media;
    this.#entry = entry;
    this.#door = new Door({ store, signalling, entry, prepare: this.#prepareKeys });
    this.#invitations = new Invitations(api, store);
    this.#moderator = new Moderator({
      api,
      store,
      signAct: (act) => media.act(act),
      learned: (events) => media.moderated(events),
    });
    this.#news = new RoomNews({
      store,
      media,
      mute,
      entry,
      door: this.#door,
      ended: (reason) => this.#endHere(reason),
      problem,
    });
    signalling.on('state', (state) => store.apply(transitions.signallingChanged, state));
    signalling.on('message', (message) => this.#news.receive(message));
    signalling.on('rejoined', (answer) => {
      this.#comeBack(answer);
      this.#moderator.lookAgain();
    });
    signalling.on('lost', (error) => this.#endHere('lost', error));
    signalling.on('replaced', () => this.#endHere('replaced'));
    followModeration({
      store,
      signalling,
      invitations: this.#invitations,
      moderator: this.#moderator,
      problem,
    });
    watchDevices(store, mute, problem);
    if (bridge) reportActivity(store, bridge);
  }

  prepare = async (): Promise<void> => {
    const socket = async () => {
      if (await this.#options.sessionKeeper.token()) await this.#signalling.open();
    };
    // Joining does all this again where it did not succeed, and then says what is wrong.
    for (const outcome of await Promise.allSettled([this.#prepareKeys(), socket()])) {
      if (outcome.status === 'rejected') console.info('Not prepared yet.', outcome.reason);
    }
  };

  rehearse = (stream: MediaStream | undefined): void => this.#media.rehearse(stream);

  launch = (request: CreateRoomRequest, stream: MediaStream | undefined): Promise<Room> => {
    this.#door.cancel();
    return this.#entry.enter(stream, async () => {
      const answer = await this.#signalling.create(request);
      return { answer, invites: answer.invites };
    });
  };

  join: StreamingActions['join'] = ({ stream, ...wanted }) => {
    this.#door.cancel();
    return this.#entry.enter(stream, async () => ({ answer: await this.#signalling.join(wanted) }));
  };

  knock: StreamingActions['knock'] = (request) => {
    this.#door.cancel();
    return this.#door.knock(request);
  };

  cancelKnock = (): void => this.#door.cancel();

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
    this.#media.setLocalStream(stream);
  };

  reportFirstFrame = (peerId: string): void =>
    this.store.apply(transitions.firstFrameSeen, peerId, this.#entry.elapsedMs);

  peerStats = (peerId: string): Promise<RTCStatsReport | undefined> => this.#media.stats(peerId);

  lastEcho = (): HeartbeatEcho | undefined => this.#signalling.lastEcho;

  goLive = async (request: PromoteRequest): Promise<string> => {
    const { postId } = await this.#options.api.promote(this.#requireRoom().roomId, request);
    return postId;
  };

  setRecording = async (enabled: boolean): Promise<void> => {
    const room = this.#requireRoom();
    const recording = this.#requireRecording();
    const told = this.#options.api.setRecording(room.roomId, enabled);
    // Stopping needs no permission: the last slice is on its way while the node is told.
    await (enabled ? told : Promise.all([told, recording.finish()]));
  };

  reportShown = (peerId: string, place: string, heightPx: number): void => {
    this.#media.reportShown(peerId, place, heightPx);
  };

  setRelayed = async (relayed: boolean): Promise<void> => {
    const { roomId } = this.#requireRoom();
    await this.#options.api.setRelay(roomId, relayed);
  };

  setKeepsChat = async (keeps: boolean): Promise<void> => {
    const { roomId, recording } = this.#requireRoom();
    const isOn = recording === 'starting' || recording === 'recording';
    await this.#options.api.setRecording(roomId, isOn, keeps);
  };

  say = (text: string): Promise<void> => this.#media.say(text);

  unsay = (messageId: string): Promise<void> => this.#media.unsay(messageId);

  setRecordingPaused = async (paused: boolean): Promise<void> =>
    this.#requireRecording().setPaused(paused);

  addMarker = async (): Promise<RecordingMarker> => this.#requireRecording().mark();

  nameMarker = async (marker: RecordingMarker, label: string): Promise<void> =>
    this.#requireRecording().nameMarker(marker, label);

  mintInvite: StreamingActions['mintInvite'] = (invitee) => this.#invitations.mint(invitee);

  revokeInvite = (inviteId: string): Promise<void> => this.#invitations.revoke(inviteId);

  refreshInvites = (): Promise<void> => this.#invitations.refresh();

  moderate: StreamingActions['moderate'] = (act) => this.#moderator.moderate(act);

  answerKnock: StreamingActions['answerKnock'] = (peerId, answer) =>
    this.#moderator.answerKnock(peerId, answer);

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

  /**
   * There is nothing to be in a room with any more: connections and socket end. The node is not
   * told, for the same person may have gone on in another window.
   */
  stop(): void {
    this.#takeDown();
    this.#signalling.close();
    this.store.apply(transitions.left);
  }

  /** The socket is back. Media went on meanwhile, unless we are somebody else to the room now. */
  #comeBack(answer: JoinRoomResponse): void {
    const { self } = this.store.state;
    const samePeer = self?.peerId === answer.peerId;
    this.store.apply(transitions.rejoined, answer);
    if (samePeer) {
      this.#media.relay?.follow(answer.room, answer.participants);
      return;
    }
    this.#media.stop();
    this.#media.start(answer, self?.stream);
    this.#media.tellInitialMute(answer.participant.muted, self?.stream);
  }

  #endHere(reason: EndedReason, error?: ProtocolError): void {
    this.#takeDown();
    const problem = error && { code: error.code, message: error.message };
    this.store.apply(transitions.ended, reason, problem);
  }

  #takeDown(): void {
    this.#signalling.leaveRoom();
    this.#mute.reset();
    this.#media.stop();
    this.#moderator.lookAgain();
  }

  #problem(error: unknown): void {
    console.warn('The room met a problem.', error);
    const code = error instanceof ProtocolError ? error.code : 'internal';
    const message = error instanceof Error ? error.message : String(error);
    this.store.apply(transitions.problemMet, { code, message });
  }

  #requireRecording(): RecordingDuty {
    if (this.#recording) return this.#recording;
    throw new ProtocolError(
      'streaming-unavailable',
      'Only the studio’s own window can record. Open the studio on the host’s computer.',
    );
  }

  #requireRoom(): Room {
    const { room, phase } = this.store.state;
    if (phase === 'inside' && room) return room;
    throw new ProtocolError('room-closed', 'You are not in a room any more.');
  }
}
