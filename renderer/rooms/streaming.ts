import type { ErrorCode } from '../../protocol/errors.ts';
import type { RoomEndedReason } from '../../protocol/messages.ts';
import type {
  CreateRoomRequest,
  Invite,
  Participant,
  PromoteRequest,
  Role,
  Room,
} from '../../protocol/rooms.ts';

/** Where the person is with respect to a room. */
export type RoomPhase = 'outside' | 'joining' | 'inside' | 'ended';

/** The socket to the rendezvous. Media does not depend on it once peers are connected. */
export type SignallingState = 'offline' | 'connecting' | 'online' | 'retrying';

/**
 * Why a room is over for this page: what the node said, or `lost` when the way back was refused
 * (`problem` says why), or `replaced` when the same person went on in another tab or window.
 */
export type EndedReason = RoomEndedReason | 'lost' | 'replaced';

/** A remote peer's media connection, as this page sees it. */
export interface PeerLink {
  state: 'connecting' | 'connected' | 'disconnected' | 'failed';
  /** Remote camera and microphone; absent until the first track arrives. */
  stream?: MediaStream;
  /** From the click on Join to this peer's first rendered frame; absent until then. */
  firstFrameMs?: number;
  /** A sentence when the peer was refused, e.g. its fingerprint was not signed by its identity. */
  problem?: string;
}

/** What this page's recorder does; `Room.recording` is what everybody sees. */
export interface RecorderStatus {
  state: 'off' | 'starting' | 'recording' | 'stopping' | 'failed';
  recordingId?: string;
  /** Bytes that main has acknowledged as safely on disk. */
  writtenBytes: number;
  /** A sentence that says what went wrong and what was kept, when `failed`. */
  problem?: string;
}

/** A refusal as the person should read it. */
export interface StreamingProblem {
  code: ErrorCode | string;
  message: string;
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
  };
  /** Everybody in the room, oneself included, by `peerId`. */
  participants: Readonly<Record<string, Participant>>;
  /** Connections to the others, by `peerId`. */
  links: Readonly<Record<string, PeerLink>>;
  /** Invitations of this room that this member made. */
  invites: readonly Invite[];
  recorder: RecorderStatus;
  /** People watching the broadcast, as the node last said. */
  concurrentViewers?: number;
  /** Why the room ended, when `phase` is `ended`. */
  endedReason?: EndedReason;
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
  /** Publishes the stream post and sets the room to broadcast; answers the post's id. */
  goLive(request: PromoteRequest): Promise<string>;
  setRecording(enabled: boolean): Promise<void>;
  /** Forgets an ended room or a problem that has been read. */
  dismiss(): void;
}

/** What `useStreaming()` returns. */
export interface Streaming extends StreamingActions {
  state: StreamingState;
}
