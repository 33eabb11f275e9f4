import type { ErrorCode } from '../../protocol/errors.ts';
import type { RoomEndedReason } from '../../protocol/messages.ts';
import type { ModerationEvent } from '../../protocol/moderation.ts';
import type {
  CreateRoomRequest,
  Invite,
  Invitee,
  Knock,
  Participant,
  PromoteRequest,
  Role,
  Room,
} from '../../protocol/rooms.ts';
import type { ChatLine } from '../chat/chat-history.ts';
import type { ModerationAct, PendingAct } from './moderator-acts.ts';

/** Where the person is with respect to a room. `waiting`: knocked, and not answered yet. */
export type RoomPhase = 'outside' | 'joining' | 'waiting' | 'inside' | 'ended';

/** The socket to the rendezvous. Media does not depend on it once peers are connected. */
export type SignallingState = 'offline' | 'connecting' | 'online' | 'retrying';

/**
 * Why a room is over for this page: what the node said, or `lost` when the way back was refused
 * (`problem` says why), or `replaced` when the same person went on in another tab or window.
 */
export type EndedReason = RoomEndedReason | 'lost' | 'replaced';

/** The node's answer to a heartbeat. */
export interface HeartbeatEcho {
  /** When it came, in milliseconds since the epoch. */
  atMs: number;
  roundTripMs: number;
}

/** A remote peer's media connection, as this page sees it. */
export interface PeerLink {
  state: 'connecting' | 'connected' | 'disconnected' | 'failed';
  /** Remote camera and microphone; absent until the first track arrives. */
  stream?: MediaStream;
  /** From the click on Join to this peer's first rendered frame; absent until then. */
  firstFrameMs?: number;
  /** A sentence when the peer was refused, e.g. its fingerprint was not signed by its identity. */
  problem?: string;
  /** Whether its media go through a TURN server; absent until a path is known. */
  relayed?: boolean;
  /** The path died and another is looked for; tracks and elements stay. */
  restarting?: boolean;
}

/** What this page's recorder does; `Room.recording` is what everybody sees. */
export interface RecorderStatus {
  state: 'off' | 'starting' | 'recording' | 'paused' | 'restarting' | 'stopping' | 'failed';
  recordingId?: string;
  /** Bytes that main has acknowledged as safely on disk. */
  writtenBytes: number;
  /** A sentence that says what went wrong and what was kept, when `failed`. */
  problem?: string;
}

/** A moment of the recording that runs here. */
export interface RecordingMarker {
  recordingId: string;
  markerId: number;
  /** Counts the recording's markers from 1. */
  number: number;
  /** From the recording's beginning, pauses left out. */
  atMs: number;
}

/** A refusal as the person should read it. */
export interface StreamingProblem {
  code: ErrorCode | string;
  message: string;
}

/** What is known of a mute, a removal or a ban of oneself. */
export interface ModeratedSelf {
  /** In the moderator's words. */
  reason?: string;
  /** ISO 8601; absent when it lasts as long as the room. */
  until?: string;
}

/** Everything the UI knows about the room. Momentary: nothing of it is saved. */
export interface StreamingState {
  phase: RoomPhase;
  signalling: SignallingState;
  room?: Room;
  self?: {
    peerId: string;
    role: Role;
    muted: { audio: boolean; video: boolean };
    /** Own camera and microphone; absent where the person joined without. */
    stream?: MediaStream;
    /** Whose device was unplugged or broke while it was in use, until there is another. */
    lost?: { audio?: true; video?: true };
    /** What a moderator muted of ours: it can't be switched on meanwhile. */
    held?: { audio?: ModeratedSelf; video?: ModeratedSelf };
    /** Of what is held, what the person had chosen before; absent where this page never knew. */
    chosen?: { audio?: boolean; video?: boolean };
  };
  /** Everybody in the room as the node last said, by `peerId`. */
  roster: Readonly<Record<string, Participant>>;
  /** Own acts of moderation that the node has not answered yet, oldest first. */
  acts: readonly PendingAct[];
  /** Everybody in the room, oneself included, by `peerId`: the roster with the acts on it. */
  participants: Readonly<Record<string, Participant>>;
  /** Connections to the others, by `peerId`. */
  links: Readonly<Record<string, PeerLink>>;
  /** The room's invitations, newest first; only its moderators know them. */
  invites: readonly Invite[];
  /** Who waits to be let in; only moderators know. */
  knocks: readonly Knock[];
  /** The moderation this page has heard of, in no particular order. */
  moderation: readonly ModerationEvent[];
  /** How people seen in this room are called, by `userId`, those who left included. */
  names: Readonly<Record<string, string>>;
  /** The door one waits at, while `phase` is `waiting`. */
  waiting?: { roomId: string };
  recorder: RecorderStatus;
  /** What was said in the room, by time. */
  chat: readonly ChatLine[];
  /** People watching the broadcast, as the node last said. */
  concurrentViewers?: number;
  /** Why the room ended, when `phase` is `ended`. */
  endedReason?: EndedReason;
  /** What a moderator said when one was removed or banned. */
  farewell?: ModeratedSelf;
  problem?: StreamingProblem;
}

/** Everything the UI can do to a room. Each rejects with a `ProtocolError` or `MediaProblem`. */
export interface StreamingActions {
  /** Creates the room, joins it as host, and starts the recorder where it was asked for. */
  launch(request: CreateRoomRequest, stream: MediaStream | undefined): Promise<Room>;
  join(request: {
    roomId: string;
    invitationToken?: string;
    stream: MediaStream | undefined;
  }): Promise<Room>;
  /**
   * Readies session, keys and socket, so that a join is one round trip: to be called when a lobby
   * or a launch dialog opens.
   */
  prepare(): Promise<void>;
  /**
   * Begins a connection with the stream one is going to join with, so that its offer is there at
   * the click; `undefined` gives that up.
   */
  rehearse(stream: MediaStream | undefined): void;
  /**
   * Asks to be let in where there is no invitation. Resolves once inside, or with `undefined` when
   * it was cancelled; rejects with `knock-denied` when a moderator said no.
   */
  knock(request: { roomId: string; stream: MediaStream | undefined }): Promise<Room | undefined>;
  /** Does not wait any longer. Nothing happens where nobody waits. */
  cancelKnock(): void;
  /** Moderators: lets somebody in who knocked, or not. */
  answerKnock(peerId: string, answer: 'approve' | 'deny'): Promise<void>;
  /** Moderators: makes an invitation. */
  mintInvite(invitee: Invitee): Promise<Invite>;
  /** Moderators: takes an invitation back; whoever came by it is asked out. */
  revokeInvite(inviteId: string): Promise<void>;
  /** Moderators: asks the node for the state of all invitations. */
  refreshInvites(): Promise<void>;
  /** Moderators: shown at once, and taken back when the node refuses. */
  moderate(act: ModerationAct): Promise<void>;
  leave(): Promise<void>;
  /** Host only: stops the recording where there is one, then closes the room for everybody. */
  end(): Promise<void>;
  setMuted(kind: 'audio' | 'video', muted: boolean): Promise<void>;
  /** Sends other tracks than before: another camera or microphone, or a first one. */
  setLocalStream(stream: MediaStream | undefined): void;
  /** A tile tells that this peer's first frame is on the screen; sets `firstFrameMs` once. */
  reportFirstFrame(peerId: string): void;
  /** What WebRTC knows about the connection to a peer; `undefined` where there is none. */
  peerStats(peerId: string): Promise<RTCStatsReport | undefined>;
  /** When the node last answered a heartbeat, and how quickly; absent before the first. */
  lastEcho(): HeartbeatEcho | undefined;
  /** Publishes the stream post and sets the room to broadcast; answers the post's id. */
  goLive(request: PromoteRequest): Promise<string>;
  setRecording(enabled: boolean): Promise<void>;
  /** Host only: whether the chat is kept with the recording from now on. */
  setKeepsChat(keeps: boolean): Promise<void>;
  /** Host only: moves the room's media to the node's relay, or back to go from person to person. */
  setRelayed(relayed: boolean): Promise<void>;
  /** A place of this window shows somebody's picture so high, in device pixels; 0: not any more. */
  reportShown(peerId: string, place: string, heightPx: number): void;
  /** Says something to everybody in the room. */
  say(text: string): Promise<void>;
  /** Takes a message away for everybody: one's own, or as a moderator anybody's. */
  unsay(messageId: string): Promise<void>;
  /** Leaves out of the recording what comes from now on, or lets it go on. */
  setRecordingPaused(paused: boolean): Promise<void>;
  /** Marks this moment of the recording. */
  addMarker(): Promise<RecordingMarker>;
  nameMarker(marker: RecordingMarker, label: string): Promise<void>;
  /** Forgets an ended room or a problem that has been read. */
  dismiss(): void;
}

/** What `useStreaming()` returns. */
export interface Streaming extends StreamingActions {
  state: StreamingState;
}
