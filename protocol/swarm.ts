import { z } from 'zod';
import { Timestamp } from './encoding.ts';
import { ErrorCode } from './errors.ts';
import { IceServer } from './rooms.ts';

/** Bounds of the exchange between viewers, the same for the node and for each viewer. */
export const SWARM_LIMITS = {
  /** A ticket is good this long; a viewer who goes on watching asks for another. */
  ticketLifetimeMs: 5 * 60_000,
  /** How often a viewer announces itself, in seconds. */
  announceIntervalS: 30,
  /** Offers in one announce. */
  offers: 8,
  /** A description for one data channel with its candidates has some 2 KB. */
  sdpBytes: 16 * 1024,
} as const;

/** 20 bytes, as the tracker protocol has them; ours are base64url, so they are text as well. */
export const InfoHash = z
  .string()
  .regex(/^[A-Za-z0-9_-]{20}$/, 'must be an info hash of this node');

/** A viewer in one swarm. The first half stays with the same account, see {@link memberOf}. */
export const SwarmPeerId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{20}$/, 'must be a peer id that this node gave out');
export type SwarmPeerId = z.infer<typeof SwarmPeerId>;

/** What all windows of one account have in common in a swarm; without an account, one window. */
export function memberOf(peerId: SwarmPeerId): string {
  return peerId.slice(0, 10);
}

const SwarmToken = z.string().max(2048);

export const SwarmTicketRequest = z.object({
  /** The last ticket of the same window, so that it keeps its peer id. */
  token: SwarmToken.optional(),
});

export const SwarmTicket = z.object({
  infoHash: InfoHash,
  peerId: SwarmPeerId,
  /** "This peer may take part in this swarm until then", signed by the node, for the tracker. */
  token: SwarmToken,
  expiresAt: Timestamp,
  /** STUN alone: what viewers exchange is never relayed. */
  iceServers: z.array(IceServer),
});
/** What a viewer needs to exchange the segments of one recording with others. */
export type SwarmTicket = z.infer<typeof SwarmTicket>;

const OfferId = z.string().min(1).max(20);
const descriptionOf = <T extends 'offer' | 'answer'>(type: T) =>
  z.object({ type: z.literal(type), sdp: z.string().max(SWARM_LIMITS.sdpBytes) });

const AnnounceBase = z.object({
  action: z.literal('announce'),
  info_hash: InfoHash,
  peer_id: SwarmPeerId,
});

export const SwarmAnnounce = AnnounceBase.extend({
  token: SwarmToken,
  event: z.enum(['started', 'stopped', 'completed', 'update']).optional(),
  numwant: z.int().min(0).max(SWARM_LIMITS.offers).optional(),
  offers: z
    .array(z.object({ offer_id: OfferId, offer: descriptionOf('offer') }))
    .max(SWARM_LIMITS.offers)
    .optional(),
});
export type SwarmAnnounce = z.infer<typeof SwarmAnnounce>;

export const SwarmAnswer = AnnounceBase.extend({
  to_peer_id: SwarmPeerId,
  offer_id: OfferId,
  answer: descriptionOf('answer'),
});
export type SwarmAnswer = z.infer<typeof SwarmAnswer>;

/** What a viewer may say on `/tracker`. */
export type TrackerRequest = SwarmAnnounce | SwarmAnswer;

export const TrackerMessage = z.union([
  AnnounceBase.extend({ offer_id: OfferId, offer: descriptionOf('offer') }),
  AnnounceBase.extend({ offer_id: OfferId, answer: descriptionOf('answer') }),
  z.object({
    action: z.literal('announce'),
    info_hash: InfoHash.optional(),
    'failure reason': z.string(),
    code: ErrorCode,
  }),
  z.object({
    action: z.literal('announce'),
    info_hash: InfoHash,
    /** Seconds until the next announce. */
    interval: z.int().positive(),
    complete: z.int().nonnegative(),
    /** Viewers in the swarm, this one among them. */
    incomplete: z.int().nonnegative(),
    /** Peers that may not take part any more: close what is open to them. */
    dropped: z.array(SwarmPeerId).optional(),
  }),
]);
/** What a node may say on `/tracker`. */
export type TrackerMessage = z.infer<typeof TrackerMessage>;
