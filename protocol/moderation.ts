import { z } from 'zod';
import { Signature, Timestamp } from './encoding.ts';
import { UserId } from './identity.ts';
import { PeerId, Role, RoomId } from './rooms.ts';

/** What moderators do to a participant, as the log keeps it. */
export const ModerationAction = z.enum([
  'mute',
  'unmute',
  'remove',
  'ban',
  'unban',
  'promote',
  'demote',
]);
export type ModerationAction = z.infer<typeof ModerationAction>;

export const MuteScope = z.enum(['audio', 'video', 'both']);
export type MuteScope = z.infer<typeof MuteScope>;

/** In characters, as `String.length` counts them. */
export const MAX_REASON_LENGTH = 200;

/** Shown to whom it concerns. Lone surrogates can't be signed (RFC 8785). */
export const Reason = z
  .string()
  .trim()
  .max(MAX_REASON_LENGTH)
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

export const EventId = z.string().regex(/^mod_[A-Za-z0-9_-]{10,32}$/, 'must be an eventId');

export const ModerationEvent = z.object({
  eventId: EventId,
  roomId: RoomId,
  /** One more than the highest its author had seen (Lamport 1978): orders events without clocks. */
  lamport: z.int().positive(),
  at: Timestamp,
  action: ModerationAction,
  targetPeerId: PeerId,
  targetUserId: UserId,
  /** With `mute` and `unmute`. */
  scope: MuteScope.optional(),
  /** With `promote` and `demote`: what the target is from then on. */
  role: Role.exclude(['host']).optional(),
  reason: Reason.optional(),
  /** A mute or a ban ends by itself then; without it, it lasts as long as the room. */
  expiresAt: Timestamp.optional(),
  actor: z.object({ userId: UserId, role: z.enum(['host', 'cohost']) }),
});
/** One act of moderation. Its effect is decided by `reduceModeration`. */
export type ModerationEvent = z.infer<typeof ModerationEvent>;

export const SignedModerationEvent = ModerationEvent.extend({
  /**
   * A mesh ticket of the actor's that was valid when it acted: then `signature` is the actor's.
   * Without it the signature is the node's, which vouches for what the actor asked it to do.
   */
  ticket: z.string().max(2048).optional(),
  /** The key id (JWKS `kid`) of the node's key, where it signed. */
  kid: z.string().max(128).optional(),
  /** Ed25519 over {@link moderationText}. */
  signature: Signature,
});
export type SignedModerationEvent = z.infer<typeof SignedModerationEvent>;

/** Most events a room's log keeps and a peer merges. */
export const MAX_MODERATION_EVENTS = 5_000;

export const ModerationLog = z.object({ events: z.array(SignedModerationEvent) });

/** `POST …/moderation`. */
export const ModerationRequest = z.object({
  action: z.enum(['ban', 'unban']),
  targetPeerId: PeerId,
  /** Seconds a ban lasts, up to a year; without it, as long as the room. */
  duration: z.int().positive().max(31_536_000).optional(),
  reason: Reason.optional(),
  /** The act as the moderator signed it and has told its peers already. */
  event: SignedModerationEvent.optional(),
});
export type ModerationRequest = z.infer<typeof ModerationRequest>;

export const ModerationResponse = z.object({ event: SignedModerationEvent });
