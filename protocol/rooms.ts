import { z } from 'zod';
import { Timestamp } from './encoding.ts';
import { Handle, UserId } from './identity.ts';
import { ProjectId } from './projects.ts';
import { RecordingTrouble } from './recording-trouble.ts';

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

/**
 * How much of the node's TURN servers a room may still use: `strained` above 70 % of its cap;
 * `full` means that nobody else in it is relayed.
 */
export const RelayState = z.enum(['available', 'strained', 'full']);
export type RelayState = z.infer<typeof RelayState>;

/** 1-120 characters. */
export const Title = z.string().trim().min(1, 'must not be empty').max(120);

export const Room = z.object({
  roomId: RoomId,
  context: RoomContext,
  projectId: ProjectId.optional(),
  title: Title,
  visibility: Visibility,
  /** Media frames are encrypted end to end, on top of DTLS: whatever relays them sees ciphertext. */
  private: z.boolean(),
  state: z.enum(['idle', 'live', 'ended']),
  broadcast: BroadcastState,
  recording: RoomRecordingState,
  recordingId: z.string().optional(),
  /** When its first slice was on disk; only while it runs or is being finished. */
  recordingStartedAt: Timestamp.optional(),
  /** Since when the host has paused it; absent while it runs. */
  recordingPausedAt: Timestamp.optional(),
  /** How long it was paused before that, in ms; absent when it never was. */
  recordingPausedMs: z.int().positive().optional(),
  /** The host keeps the chat with the recording; everybody is to know. */
  keepsChat: z.boolean().optional(),
  /** What is amiss with it right now, while it goes on. */
  recordingTrouble: RecordingTrouble.optional(),
  /** A sentence for the people in the room when `recording` is `failed`. */
  recordingError: z.string().optional(),
  postId: z.string().optional(),
  host: z.object({ userId: UserId, handle: z.string(), displayName: z.string() }),
  participantCount: z.int().nonnegative(),
  /** Media goes over a node's relay, end-to-end encrypted, instead of from peer to peer. */
  topology: z.literal('relay').optional(),
  /** What the node calls itself that relays; only beside `topology`. */
  relayedBy: z.string().optional(),
  /** Most participants the room takes; past it `room-full`. */
  capacity: z.int().positive(),
  /** Absent while all of the relay's share is there for the taking, and without TURN. */
  relay: RelayState.optional(),
  /** How many people of the room the relay's share is for; only beside `relay`. */
  relayCap: z.int().positive().optional(),
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
  /** What is not sent: switched off by oneself or by a moderator. */
  muted: MuteState,
  /** What a moderator muted: only a moderator can lift it, or its time limit. */
  mutedByModerator: MuteState,
  /** What is not sent because its device was unplugged or broke; absent where none was. */
  deviceLost: MuteState.optional(),
  /** Came by a link alone, without a handle of their own on this node. */
  guest: z.boolean(),
  status: z.enum(['active', 'suspect']),
  joinedAt: Timestamp,
  lastHeartbeatAt: Timestamp,
});
/** A member's presence in a room, one per `peerId`. */
export type Participant = z.infer<typeof Participant>;

export const InviteState = z.enum(['pending', 'used', 'expired', 'revoked']);
export type InviteState = z.infer<typeof InviteState>;

export const Invite = z.object({
  inviteId: z.string(),
  roomId: RoomId,
  /** Whom it names; absent on an open link. */
  handle: z.string().optional(),
  /** What its maker calls it, e.g. "Press"; a handle needs none. */
  label: z.string().optional(),
  role: Role,
  /** Good for one person, whoever comes first. A named one always is. */
  singleUse: z.boolean(),
  /** `used` once somebody came by it and nobody else can; an open link stays `pending`. */
  state: InviteState,
  /** Who came by it. */
  usedBy: z.array(z.object({ userId: UserId, displayName: z.string() })),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  /** The signed token; only the room's moderators ever see it. */
  token: z.string(),
  link: z.url(),
});
export type Invite = z.infer<typeof Invite>;

export const Invitee = z.object({
  handle: Handle.optional(),
  label: z.string().trim().min(1).max(60).optional(),
  role: Role.exclude(['host']),
  singleUse: z.boolean().optional(),
  /** Seconds until it expires: a minute to 30 days; a day unless told otherwise. */
  expiresIn: z.int().min(60).max(2_592_000).optional(),
});
export type Invitee = z.infer<typeof Invitee>;

/** `POST …/invitations`: mints `invitees`, revokes by `inviteId`; an empty one only reads. */
export const InvitationsRequest = z.object({
  invitees: z.array(Invitee).max(50).optional(),
  revoke: z.array(z.string().max(64)).max(200).optional(),
});
export type InvitationsRequest = z.infer<typeof InvitationsRequest>;
/** All invites of the room, newest first. */
export const InvitationsResponse = z.object({ invites: z.array(Invite) });

export const Knock = z.object({
  /** The peer this would be; `approve` and `deny` name it. */
  peerId: PeerId,
  userId: UserId,
  handle: z.string(),
  displayName: z.string(),
  guest: z.boolean(),
  requestedAt: Timestamp,
});
/** Somebody who waits for a host's approval. */
export type Knock = z.infer<typeof Knock>;
export const KnockList = z.object({ knocks: z.array(Knock) });

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
    /** Encrypts frames end to end; `false` unless told otherwise. */
    private: z.boolean().optional(),
    invitees: z.array(Invitee).max(50).optional(),
    recording: z.boolean().optional(),
  })
  .refine((room) => (room.context === 'project') === (room.projectId !== undefined), {
    path: ['projectId'],
    message: 'goes with context "project", and only with it',
  });
export type CreateRoomRequest = z.infer<typeof CreateRoomRequest>;

export const JoinRoomRequest = z.object({
  invitationToken: z.string().max(2048).optional(),
  /** Where there is no way in by right: asks the host for approval instead of being refused. */
  knock: z.boolean().optional(),
});
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

/** 202: a moderator has been asked. `room:admission` on the socket brings the answer. */
export const JoinPendingResponse = z.object({ status: z.literal('pending'), peerId: PeerId });
export type JoinPendingResponse = z.infer<typeof JoinPendingResponse>;

export const CreateRoomResponse = JoinRoomResponse.extend({ invites: z.array(Invite) });
export type CreateRoomResponse = z.infer<typeof CreateRoomResponse>;

export const RoomList = z.object({ rooms: z.array(Room) });
export const ParticipantList = z.object({ participants: z.array(Participant) });

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

export const SetRecordingRequest = z.object({
  enabled: z.boolean(),
  /** Whether the chat is kept with the recording from now on; left as it is without. */
  keepsChat: z.boolean().optional(),
});
/** Whether somebody gets in by right, or has to ask a moderator. */
export const WayIn = z.enum(['open', 'ask']);
export type WayIn = z.infer<typeof WayIn>;

export const RoomResponse = z.object({
  room: Room,
  /** The caller's; absent without a session, and where the room has ended. */
  wayIn: WayIn.optional(),
  /** Who watches a room that is live, inside of it and outside. */
  concurrentViewers: z.int().nonnegative().optional(),
});

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
  /** The same of a room that is relayed: messages still go from everybody to everybody. */
  relayedCapacity: 40,
} as const;
