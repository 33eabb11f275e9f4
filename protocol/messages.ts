import { z } from 'zod';
import { Signature, Timestamp } from './encoding.ts';
import { ErrorCode } from './errors.ts';
import { Scope, UserId } from './identity.ts';
import { isNestedAtMost } from './json-depth.ts';
import {
  EventId,
  ModerationAction,
  MuteScope,
  Reason,
  SignedModerationEvent,
} from './moderation.ts';
import { FeedRef, Post, PostId } from './posts.ts';
import { RELAY_MESSAGES } from './relay.ts';
import {
  CreateRoomRequest,
  CreateRoomResponse,
  IceServer,
  Invite,
  JoinPendingResponse,
  JoinRoomRequest,
  JoinRoomResponse,
  Knock,
  Participant,
  PeerId,
  Room,
  RoomId,
} from './rooms.ts';

/** Largest message either side accepts on `/ws`, in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** A connection's budget. Candidates are counted apart so that a large mesh can be set up. */
export const MESSAGE_RATE = { windowMs: 10_000, messages: 50, candidates: 500 } as const;

/** Feeds that one socket may follow. */
export const MAX_FOLLOWED_FEEDS = 20;

/** An RTCRtpTransceiverInit needs three: itself, `sendEncodings`, and one of those. */
const MAX_INIT_DEPTH = 8;

/** Echoed in whatever answers the message. */
const RequestId = z.string().max(64).optional();

const SignalBase = z.object({ roomId: RoomId, from: PeerId, to: PeerId });

/** A description's proof of origin: who this is, and that the DTLS fingerprint is theirs. */
const SignedDescription = SignalBase.extend({
  /** A mesh ticket of the sender's. */
  ticket: z.string().max(2048),
  /** Ed25519 over `dtlsProofText`. */
  proof: Signature,
});

export const SignalOffer = SignedDescription.extend({
  type: z.literal('signal:offer'),
  description: z.object({ type: z.literal('offer'), sdp: z.string() }),
});
export const SignalAnswer = SignedDescription.extend({
  type: z.literal('signal:answer'),
  description: z.object({ type: z.literal('answer'), sdp: z.string() }),
});
export const SignalCandidate = SignalBase.extend({
  type: z.literal('signal:candidate'),
  /** An RTCIceCandidateInit; null when there will be no more. */
  candidate: z
    .object({
      candidate: z.string().max(4096),
      sdpMid: z.string().nullish(),
      sdpMLineIndex: z.int().nullish(),
      usernameFragment: z.string().nullish(),
    })
    .nullable(),
});
export const SignalRenegotiate = SignalBase.extend({
  type: z.literal('signal:renegotiate'),
  transceiver: z
    .object({
      kind: z.enum(['audio', 'video']),
      /** An RTCRtpTransceiverInit. */
      init: z
        .record(z.string(), z.unknown())
        .refine((init) => isNestedAtMost(init, MAX_INIT_DEPTH), 'is nested too deeply')
        .optional(),
    })
    .optional(),
  /** The asking side's path is broken: the offer should restart ICE (RFC 8839, section 4.4.1.1). */
  iceRestart: z.boolean().optional(),
});

export const SignalMessage = z.discriminatedUnion('type', [
  SignalOffer,
  SignalAnswer,
  SignalCandidate,
  SignalRenegotiate,
]);
/** What two peers tell each other through the rendezvous to set up their connection. */
export type SignalMessage = z.infer<typeof SignalMessage>;

export const Heartbeat = z.object({
  type: z.literal('heartbeat'),
  roomId: RoomId,
  peerId: PeerId,
  ts: z.number(),
  /** How the sender's media travels: `turn` while any of its connections is relayed. */
  connection: z.enum(['direct', 'turn']).optional(),
});

export const ClientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('authenticate'), token: z.string().max(4096), requestId: RequestId }),
  CreateRoomRequest.safeExtend({ type: z.literal('room:create'), requestId: RequestId }),
  JoinRoomRequest.extend({
    type: z.literal('room:join'),
    roomId: RoomId,
    /** On a reconnect: the last ticket, instead of an invitation. */
    meshTicket: z.string().max(2048).optional(),
    requestId: RequestId,
  }),
  /** From now on this socket hears of the feed's posts; told again, nothing changes. */
  z.object({ type: z.literal('feed:follow'), feed: FeedRef, requestId: RequestId }),
  z.object({ type: z.literal('feed:unfollow'), feed: FeedRef, requestId: RequestId }),
  Heartbeat,
  SignalOffer,
  SignalAnswer,
  SignalCandidate,
  SignalRenegotiate,
]);
/** What a client may say on `/ws`. */
export type ClientMessage = z.infer<typeof ClientMessage>;

/** Why a room is over: for everybody, or (`removed`, `banned`, `invite-revoked`) for one. */
export const RoomEndedReason = z.enum([
  'ended-by-host',
  'empty',
  'removed',
  'banned',
  'invite-revoked',
  'node-stopping',
]);
export type RoomEndedReason = z.infer<typeof RoomEndedReason>;

export const ServerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('authenticated'),
    userId: UserId,
    scopes: z.array(Scope),
    requestId: RequestId,
  }),
  z.object({ type: z.literal('room:created'), ...CreateRoomResponse.shape, requestId: RequestId }),
  z.object({ type: z.literal('room:joined'), ...JoinRoomResponse.shape, requestId: RequestId }),
  z.object({
    type: z.literal('room:update'),
    roomId: RoomId,
    room: Room,
    participants: z.array(Participant),
  }),
  z.object({
    type: z.literal('room:status'),
    roomId: RoomId,
    liveStatus: z.enum(['live', 'ended']),
    concurrentViewers: z.int().nonnegative(),
  }),
  z.object({ type: z.literal('room:ended'), roomId: RoomId, reason: RoomEndedReason }),
  /** A fresh mesh ticket, before the last one runs out, or when the role has changed. */
  z.object({
    type: z.literal('ticket:renewed'),
    roomId: RoomId,
    meshTicket: z.string(),
    /** With credentials that hold as long as the ticket. */
    turnServers: z.array(IceServer).optional(),
  }),
  /** Answers a `room:join` with `knock`. */
  z.object({
    type: z.literal('room:pending'),
    ...JoinPendingResponse.shape,
    roomId: RoomId,
    requestId: RequestId,
  }),
  /** A moderator has answered our knock. `approved`: join now, nothing more is needed. */
  z.object({
    type: z.literal('room:admission'),
    roomId: RoomId,
    status: z.enum(['approved', 'denied']),
    reason: z.string().optional(),
  }),
  /** To moderators, whenever it changes: who waits to be let in. */
  z.object({ type: z.literal('room:knocks'), roomId: RoomId, knocks: z.array(Knock) }),
  /** To moderators, whenever they change. */
  z.object({ type: z.literal('room:invites'), roomId: RoomId, invites: z.array(Invite) }),
  z.object({
    type: z.literal('moderation:applied'),
    roomId: RoomId,
    eventId: EventId,
    action: ModerationAction,
    targetPeerId: PeerId,
    scope: MuteScope.optional(),
    reason: Reason.optional(),
    expiresAt: Timestamp.optional(),
    event: SignedModerationEvent,
  }),
  z.object({
    type: z.literal('moderation:expired'),
    roomId: RoomId,
    eventId: EventId,
    action: ModerationAction,
    targetPeerId: PeerId,
    scope: MuteScope.optional(),
    reason: Reason.optional(),
  }),
  /** Answers `feed:follow`. */
  z.object({ type: z.literal('feed:followed'), feed: FeedRef, requestId: RequestId }),
  /** Answers `feed:unfollow`. */
  z.object({ type: z.literal('feed:unfollowed'), feed: FeedRef, requestId: RequestId }),
  ...RELAY_MESSAGES,
  z.object({ type: z.literal('post:created'), post: Post }),
  z.object({ type: z.literal('post:updated'), post: Post }),
  /** Deleted, or no longer for this member. */
  z.object({ type: z.literal('post:deleted'), postId: PostId }),
  z.object({
    type: z.literal('error'),
    code: ErrorCode,
    message: z.string(),
    requestId: RequestId,
  }),
  Heartbeat,
  SignalOffer,
  SignalAnswer,
  SignalCandidate,
  SignalRenegotiate,
]);
/** What a node may say on `/ws`. */
export type ServerMessage = z.infer<typeof ServerMessage>;
