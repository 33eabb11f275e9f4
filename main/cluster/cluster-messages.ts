import { z } from 'zod';
import { Scope } from '../../protocol/identity.ts';
import { PlaceId } from '../relay/relay-place.ts';

const ConnectionId = z.string().max(64);
const AskId = z.string().max(64);
/** How often a frame was sent back already. */
const TimesBack = z.int().nonnegative();

/** Who a socket on another node belongs to. */
export const RemoteCaller = z.object({
  userId: z.string().max(256),
  publicKey: z.string().max(256),
  handle: z.string().max(256),
  displayName: z.string().max(256),
  scopes: z.array(Scope),
  guest: z.boolean(),
});

/** A request of a client's, as the node passes it on that took it. */
export const ForwardedRequest = z.object({
  method: z.string().max(16),
  url: z.string().max(4096),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  ip: z.string().max(64),
});
export type ForwardedRequest = z.infer<typeof ForwardedRequest>;

export const ForwardedAnswer = z.object({
  status: z.int().min(100).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  /** The asked node does not own the room: another one has to be asked. */
  isElsewhere: z.boolean().optional(),
});
export type ForwardedAnswer = z.infer<typeof ForwardedAnswer>;

/** What nodes tell each other. */
export const ClusterMessage = z.discriminatedUnion('type', [
  /** A socket of the sender's is somebody's, or is so still. */
  z.object({
    type: z.literal('socket:here'),
    connectionId: ConnectionId,
    openedAt: z.number(),
    caller: RemoteCaller,
  }),
  z.object({ type: z.literal('socket:gone'), connectionId: ConnectionId }),
  /** What came over a socket of the sender's, for the node that is to handle it. */
  z.object({
    type: z.literal('frame'),
    ...{ connectionId: ConnectionId, text: z.string(), timesBack: TimesBack },
  }),
  /** The same sent back: its room is not here, or its socket was never announced. */
  z.object({
    type: z.literal('frame:back'),
    ...{ connectionId: ConnectionId, text: z.string(), timesBack: TimesBack },
    why: z.enum(['elsewhere', 'unknown-socket']),
  }),
  /** To be sent over a socket of the receiver's. */
  z.object({ type: z.literal('send'), connectionId: ConnectionId, json: z.string() }),
  z.object({
    type: z.literal('close'),
    connectionId: ConnectionId,
    code: z.int().min(1000).max(4999),
    reason: z.string().max(123),
  }),
  z.object({ type: z.literal('ask'), askId: AskId, request: ForwardedRequest }),
  z.object({ type: z.literal('answer'), askId: AskId, answer: ForwardedAnswer }),
  /** A room of the sender's goes live; answered with its post. */
  z.object({ type: z.literal('post:publish'), askId: AskId, stream: z.string().max(256 * 1024) }),
  /** A room of the sender's has news for its post. */
  z.object({
    type: z.literal('post:allow'),
    roomId: z.string().max(64),
    userId: z.string().max(256),
  }),
  /** A room of the sender's needs a place at the receiver's relay; answered with what it is. */
  z.object({ type: z.literal('relay:borrow'), askId: AskId, roomId: z.string().max(64) }),
  /** Has a place that the sender borrowed do a thing; answered with what came of it. */
  z.object({
    type: z.literal('relay:ask'),
    ...{ askId: AskId, placeId: PlaceId },
    method: z.string().max(32),
    args: z.string().max(128 * 1024),
  }),
  /** The sender needs it no more. */
  z.object({ type: z.literal('relay:return'), placeId: PlaceId }),
  /** All that the sender has borrowed of the receiver. */
  z.object({ type: z.literal('relay:held'), placeIds: z.array(PlaceId).max(10_000) }),
  /** A place that the receiver borrowed is gone. */
  z.object({ type: z.literal('relay:lost'), placeId: PlaceId }),
  z.object({ type: z.literal('post:end'), roomId: z.string().max(64), endsAt: z.string().max(40) }),
]);
export type ClusterMessage = z.infer<typeof ClusterMessage>;
