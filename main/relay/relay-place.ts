import type { EventEmitter } from 'node:events';
import { z } from 'zod';
import {
  ConsumeRequest,
  DtlsParameters,
  IceParameters,
  ProduceRequest,
  ProducerId,
  RelayConsumer,
  RelaySession,
  type RtpCapabilities,
  TransportId,
  UpdateConsumersRequest,
} from '../../protocol/relay.ts';
import { PeerId } from '../../protocol/rooms.ts';

/** Of one peer: what it sends over, and what it receives over. */
export const PlacedPeer = RelaySession.pick({ send: true, receive: true });
export type PlacedPeer = z.infer<typeof PlacedPeer>;

export const PlacedTrack = ProduceRequest.omit({ height: true }).required();
/** A track as a peer sends it. */
export type PlacedTrack = z.infer<typeof PlacedTrack>;

/** A track as somebody gets it; paused. */
export const PlacedConsumer = RelayConsumer.omit({ peerId: true });
export type PlacedConsumer = z.infer<typeof PlacedConsumer>;

/** Where one end of a pipe takes packets (SRTP, RFC 3711), and the key that it sends them under. */
export const PipeEnd = z.object({
  address: z.string().max(253),
  port: z.int().min(1).max(65_535),
  srtpParameters: z.object({
    cryptoSuite: z.enum([
      'AEAD_AES_256_GCM',
      'AEAD_AES_128_GCM',
      'AES_CM_128_HMAC_SHA1_80',
      'AES_CM_128_HMAC_SHA1_32',
    ]),
    keyBase64: z.string().max(256),
  }),
});
export type PipeEnd = z.infer<typeof PipeEnd>;

/** A track on its way from one place to another, where it keeps its id. */
export const PipedTrack = PlacedTrack.extend({ producerId: ProducerId });
export type PipedTrack = z.infer<typeof PipedTrack>;

/** Of a place at the relay of the node that has it. */
export const PlaceId = z.string().min(1).max(64);

/** What is asked of a place, and answered: of one on another node in this form. */
export const PLACE_METHODS = {
  openPeer: { args: z.tuple([PeerId]), answer: PlacedPeer },
  closePeer: { args: z.tuple([PeerId]), answer: z.null() },
  connect: { args: z.tuple([PeerId, TransportId, DtlsParameters]), answer: z.null() },
  restartIce: { args: z.tuple([PeerId, TransportId]), answer: IceParameters },
  produce: { args: z.tuple([PeerId, PlacedTrack]), answer: ProducerId },
  setPaused: { args: z.tuple([ProducerId, z.boolean()]), answer: z.null() },
  closeProducer: { args: z.tuple([ProducerId]), answer: z.null() },
  consume: { args: z.tuple([PeerId, ConsumeRequest]), answer: z.array(PlacedConsumer) },
  updateConsumers: { args: z.tuple([PeerId, UpdateConsumersRequest]), answer: z.null() },
  openPipe: { args: z.tuple([PlaceId]), answer: PipeEnd },
  connectPipe: { args: z.tuple([PlaceId, PipeEnd]), answer: z.null() },
  closePipe: { args: z.tuple([PlaceId]), answer: z.null() },
  sendByPipe: { args: z.tuple([PlaceId, ProducerId]), answer: PipedTrack },
  receiveByPipe: { args: z.tuple([PlaceId, PipedTrack]), answer: z.null() },
} satisfies Record<string, { args: z.ZodType; answer: z.ZodType }>;

type Methods = typeof PLACE_METHODS;
export type PlaceMethod = keyof Methods;
export type PlaceArgs<M extends PlaceMethod> = z.infer<Methods[M]['args']>;
export type PlaceAnswer<M extends PlaceMethod> = z.infer<Methods[M]['answer']>;

/**
 * A router of mediasoup's and the people of one room who are on it: on this node or on another.
 * Its methods are those of {@link PLACE_METHODS}:
 *
 * - `openPeer`: new transports for a peer that has none; `closePeer`: everything of it is over
 * - `connect`, `restartIce`, `produce`, `consume`, `updateConsumers`: as in the REST interface,
 *   of a peer that is here. Reject with `not-relayed`, `rtp-invalid`
 * - `setPaused`, `closeProducer`: of a peer's track, or one that came by a pipe; of one that is gone
 *   there is nothing to be done
 * - `openPipe`: an end of the pipe to that place; `connectPipe`: what the other end is
 * - `sendByPipe`: a track to that place; `receiveByPipe`: the same there
 *
 * All reject with `relay-unavailable` where the worker is gone. Closing is done as far as it can be.
 */
export type RelayPlace = EventEmitter<{ lost: [] }> & {
  readonly placeId: string;
  readonly routerRtpCapabilities: RtpCapabilities;
  /** It is given back; everybody on it is gone. */
  close(): void;
} & {
  readonly [M in PlaceMethod]: (...args: PlaceArgs<M>) => Promise<PlaceAnswer<M>>;
};
