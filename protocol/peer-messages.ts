import { z } from 'zod';
import { ChatItems, SignedChatDeletion, SignedChatMessage } from './chat.ts';
import { Base64Url } from './encoding.ts';
import { SignedModerationEvent } from './moderation.ts';

/** Largest message on a peers' data channel, in bytes: what every browser carries in one piece. */
export const MAX_PEER_MESSAGE_BYTES = 64 * 1024;

/** Events in one message; a longer log goes in several. */
export const MAX_EVENTS_PER_MESSAGE = 20;

export const PeerMessage = z.discriminatedUnion('type', [
  /** Moderation as the sender knows it: new events at once, its whole log to a new peer. */
  z.object({
    type: z.literal('moderation:events'),
    events: z.array(SignedModerationEvent).max(MAX_EVENTS_PER_MESSAGE),
  }),
  /** Messages and deletions: one's own at once, others' to who wants them. */
  z.object({
    type: z.literal('chat:said'),
    messages: z.array(SignedChatMessage).max(MAX_EVENTS_PER_MESSAGE),
    deletions: z.array(SignedChatDeletion).max(MAX_EVENTS_PER_MESSAGE),
  }),
  /** What the sender has: all of it when a channel opens, later what it has learned from others. */
  ChatItems.extend({ type: z.literal('chat:have') }),
  /** What of that its receiver lacks. */
  ChatItems.extend({ type: z.literal('chat:want') }),
  /** What the sender gets of the receiver's by a relay: it need not be sent directly. */
  z.object({
    type: z.literal('relay:receiving'),
    ...{ audio: z.boolean(), video: z.boolean() },
    /** What comes directly shows by now: nothing of the receiver's is needed from the relay. */
    direct: z.boolean().optional(),
  }),
  /**
   * The key under which the sender encrypts its frames from now on, in rooms marked private or relayed. The
   * channel is encrypted, and its DTLS fingerprint is signed by the sender's identity.
   */
  z.object({
    type: z.literal('frames:key'),
    /** 0-255, one more than the last, round about: travels with each frame. */
    keyId: z.int().min(0).max(255),
    /** 32 bytes from which the frame key is derived. */
    secret: Base64Url.length(43),
  }),
]);
/** What two peers tell each other over their data channel, as JSON text. */
export type PeerMessage = z.infer<typeof PeerMessage>;
