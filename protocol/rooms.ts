import { z } from 'zod';
import { Timestamp } from './encoding.ts';
import { Handle, UserId } from './identity.ts';
import { ProjectId } from './projects.ts';

export const RoomId = z.string().regex(/^room_[A-Za-z0-9_-]{10,32}$/, 'must be a roomId');
export const PeerId = z.string().regex(/^peer_[A-Za-z0-9_-]{10,32}$/, 'must be a peerId');

export const Role = z.enum(['host', 'cohost', 'speaker', 'listener']);
export type Role = z.infer<typeof Role>;

export const Visibility = z.enum(['public', 'followers', 'invite-only']);
export type Visibility = z.infer<typeof Visibility>;

export const RoomContext = z.enum(['profile', 'project']);
export type RoomContext = z.infer<typeof RoomContext>;

export const RoomRecordingState = z.enum(['off', 'starting', 'recording', 'stopping', 'failed']);
export type RoomRecordingState = z.infer<typeof RoomRecordingState>;

export const BroadcastState = z.enum(['backstage', 'broadcast', 'ended']);
export type BroadcastState = z.infer<typeof BroadcastState>;

/** 1-120 characters. */
export const Title = z.string().trim().min(1, 'must not be empty').max(120);

export const Room = z.object({
  roomId: RoomId,
  context: RoomContext,
  projectId: ProjectId.optional(),
  title: Title,
  visibility: Visibility,
  state: z.enum(['idle', 'live', 'ended']),
  broadcast: BroadcastState,
  recording: RoomRecordingState,
  recordingId: z.string().optional(),
  /** When its first slice was on disk; only while it runs or is being finished. */
  recordingStartedAt: Timestamp.optional(),
  /** A sentence for the people in the room when `recording` is `failed`. */
  recordingError: z.string().optional(),
  postId: z.string().optional(),
  host: z.object({ userId: UserId, handle: z.string(), displayName: z.string() }),
  participantCount: z.int().nonnegative(),
  /** Most participants the room takes; past it `room-full`. */
  capacity: z.int().positive(),
  createdAt: Timestamp,
  endedAt: Timestamp.optional(),
});
/** A live audio/video session. */
export type Room = z.infer<typeof Room>;

export const MuteState = z.object({ audio: z.boolean(), video: z.boolean() });
export type MuteState = z.infer<typeof MuteState>;

export const Participant = z.object({
  peerId: PeerId,
  userId: UserId,
  handle: z.string(),
  displayName: z.string(),
  role: Role,
  connection: z.enum(['direct', 'turn']),
  muted: MuteState,
  status: z.enum(['active', 'suspect']),
  joinedAt: Timestamp,
  lastHeartbeatAt: Timestamp,
});
/** A member's presence in a room, one per `peerId`. */
export type Participant = z.infer<typeof Participant>;

export const Invite = z.object({
  inviteId: z.string(),
  roomId: RoomId,
  /** Whom it names; absent on an open link. */
  handle: z.string().optional(),
  role: Role,
  state: z.enum(['pending', 'used', 'expired', 'revoked']),
  expiresAt: Timestamp,
  /** The signed token; only its maker ever sees it. */
  token: z.string(),
  link: z.url(),
});
export type Invite = z.infer<typeof Invite>;

/** RTCIceServer as the node hands it out (W3C WebRTC section 4.2.4). */
export const IceServer = z.object({
  urls: z.array(z.string()),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.infer<typeof IceServer>;

export const CreateRoomRequest = z
  .object({
    /** Reopens this ended room of the caller's instead of making a new one. */
    roomId: RoomId.optional(),
    context: RoomContext,
    projectId: ProjectId.optional(),
    title: Title,
    visibility: Visibility,
    invitees: z
      .array(z.object({ handle: Handle, role: Role.exclude(['host']) }))
      .max(50)
      .optional(),
    recording: z.boolean().optional(),
  })
  .refine((room) => (room.context === 'project') === (room.projectId !== undefined), {
    path: ['projectId'],
    message: 'goes with context "project", and only with it',
  });
export type CreateRoomRequest = z.infer<typeof CreateRoomRequest>;

export const JoinRoomRequest = z.object({ invitationToken: z.string().max(2048).optional() });
export type JoinRoomRequest = z.infer<typeof JoinRoomRequest>;

/**
 * Request header with an invitation's token, for reading a room before joining it. Not a query
 * parameter: tokens stay out of addresses and logs.
 */
export const INVITATION_HEADER = 'swarm-invitation';

export const JoinRoomResponse = z.object({
  room: Room,
  participant: Participant,
  peerId: PeerId,
  /** Everybody who is in the room now, oneself included: a peer need not wait for the roster. */
  participants: z.array(Participant),
  /** A JWT with {@link MeshTicketClaims}. */
  meshTicket: z.string(),
  turnServers: z.array(IceServer),
});
export type JoinRoomResponse = z.infer<typeof JoinRoomResponse>;

export const CreateRoomResponse = JoinRoomResponse.extend({ invites: z.array(Invite) });
export type CreateRoomResponse = z.infer<typeof CreateRoomResponse>;

export const RoomList = z.object({ rooms: z.array(Room) });
export const ParticipantList = z.object({ participants: z.array(Participant) });

export const UpdateParticipantRequest = z.object({
  action: z.enum(['mute', 'unmute']),
  scope: z.enum(['audio', 'video', 'both']),
});
export type UpdateParticipantRequest = z.infer<typeof UpdateParticipantRequest>;

export const PromoteRequest = z.object({
  title: Title.optional(),
  description: z.string().max(2000).optional(),
  tags: z
    .array(z.string().regex(/^[\p{L}\p{N}_-]{1,32}$/u))
    .max(10)
    .optional(),
});
export type PromoteRequest = z.infer<typeof PromoteRequest>;
export const PromoteResponse = z.object({ room: Room, postId: z.string() });

export const SetRecordingRequest = z.object({ enabled: z.boolean() });
export const RoomResponse = z.object({ room: Room });

/** Timers and limits of a room's life (protocol, "Life of a room"). */
export const ROOM_LIMITS = {
  heartbeatIntervalMs: 20_000,
  suspectAfterMs: 60_000,
  removeAfterMs: 90_000,
  closeWhenEmptyAfterMs: 90_000,
  statusIntervalMs: 15_000,
  meshTicketLifetimeMs: 10 * 60_000,
  sessionLifetimeMs: 15 * 60_000,
  inviteLifetimeMs: 24 * 3_600_000,
  /** A mesh of more than this many people is past what home uplinks carry. */
  capacity: 12,
} as const;
