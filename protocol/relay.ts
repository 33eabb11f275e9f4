import { z } from 'zod';
import { PeerId, RoomId } from './rooms.ts';

/** Largest body of a request about a relay: the RTP capabilities of a browser have some 10 kB. */
export const MAX_RELAY_BODY_BYTES = 64 * 1024;

/** After a room went back to its mesh a relay goes on for so long: nobody's picture waits for it. */
export const RELAY_LINGERS_MS = 8_000;

const Short = z.string().max(256);

export const TransportId = z.uuid();
export const ProducerId = z.uuid();
export const ConsumerId = z.uuid();
export const MediaKind = z.enum(['audio', 'video']);
export type MediaKind = z.infer<typeof MediaKind>;

/** Codec parameters as SDP has them (`a=fmtp`, RFC 8866): a few, and short. */
const FormatParameters = z
  .record(z.string().max(64), z.union([z.string().max(256), z.number(), z.boolean(), z.null()]))
  .refine((parameters) => Object.keys(parameters).length <= 16, 'are too many');

const RtcpFeedback = z.object({ type: Short, parameter: Short.optional() });
const PayloadType = z.int().min(0).max(127);
const MimeType = z.string().regex(/^(audio|video)\/[A-Za-z0-9.+-]{1,32}$/);
const Ssrc = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

const HeaderExtension = z.object({
  uri: Short,
  id: z.int().min(1).max(255),
  encrypt: z.boolean().optional(),
  parameters: FormatParameters.optional(),
});

/** What a browser can receive, as mediasoup-client describes it (after ORTC, section 8). */
export const RtpCapabilities = z.object({
  codecs: z
    .array(
      z.object({
        kind: MediaKind,
        mimeType: MimeType,
        preferredPayloadType: PayloadType.optional(),
        clockRate: z.int().positive(),
        channels: z.int().positive().max(16).optional(),
        parameters: FormatParameters.optional(),
        rtcpFeedback: z.array(RtcpFeedback).max(16).optional(),
      }),
    )
    .max(64),
  headerExtensions: z
    .array(
      z.object({
        kind: MediaKind,
        uri: Short,
        preferredId: z.int().min(1).max(255),
        preferredEncrypt: z.boolean().optional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
      }),
    )
    .max(64),
});
export type RtpCapabilities = z.infer<typeof RtpCapabilities>;

/** What a track is sent or received as. */
export const RtpParameters = z.object({
  mid: z.string().max(32).optional(),
  codecs: z
    .array(
      z.object({
        mimeType: MimeType,
        payloadType: PayloadType,
        clockRate: z.int().positive(),
        channels: z.int().positive().max(16).optional(),
        parameters: FormatParameters.optional(),
        rtcpFeedback: z.array(RtcpFeedback).max(16).optional(),
      }),
    )
    .min(1)
    .max(8),
  headerExtensions: z.array(HeaderExtension).max(32).optional(),
  encodings: z
    .array(
      z.object({
        ssrc: Ssrc.optional(),
        rid: z.string().max(16).optional(),
        codecPayloadType: PayloadType.optional(),
        rtx: z.object({ ssrc: Ssrc }).optional(),
        dtx: z.boolean().optional(),
        scalabilityMode: z.string().max(16).optional(),
        scaleResolutionDownBy: z.number().min(1).optional(),
        maxBitrate: z.int().positive().optional(),
        maxFramerate: z.number().positive().optional(),
        active: z.boolean().optional(),
      }),
    )
    .max(4)
    .optional(),
  rtcp: z
    .object({
      cname: Short.optional(),
      reducedSize: z.boolean().optional(),
      mux: z.boolean().optional(),
    })
    .optional(),
  msid: Short.optional(),
});
export type RtpParameters = z.infer<typeof RtpParameters>;

export const DtlsParameters = z.object({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,63}$/),
      }),
    )
    .min(1)
    .max(8),
});
export type DtlsParameters = z.infer<typeof DtlsParameters>;

export const IceParameters = z.object({
  usernameFragment: Short,
  password: Short,
  iceLite: z.boolean().optional(),
});

export const RelayTransport = z.object({
  id: TransportId,
  iceParameters: IceParameters,
  iceCandidates: z.array(
    z.object({
      foundation: Short,
      priority: z.number(),
      address: Short,
      ip: Short,
      protocol: z.enum(['udp', 'tcp']),
      port: z.int(),
      type: z.enum(['host', 'srflx', 'prflx', 'relay']),
      tcpType: z.enum(['active', 'passive', 'so']).optional(),
    }),
  ),
  dtlsParameters: DtlsParameters,
});
export type RelayTransport = z.infer<typeof RelayTransport>;

const PictureHeight = z.int().min(1).max(8640);

export const RelayProducer = z.object({
  producerId: ProducerId,
  peerId: PeerId,
  kind: MediaKind,
  /** Nothing comes at present: its sender or a moderator switched it off. */
  paused: z.boolean(),
  /** Lines of the camera's picture in its largest layer, where its sender said. */
  height: PictureHeight.optional(),
});
/** A track that is sent to a relay. */
export type RelayProducer = z.infer<typeof RelayProducer>;

/** `POST …/relay`: the host moves the room to the node's relay, or back to its mesh. */
export const SetRelayRequest = z.object({ enabled: z.boolean() });

/** `POST …/relay/session`: new transports for the caller; former ones are closed. */
export const RelaySession = z.object({
  routerRtpCapabilities: RtpCapabilities,
  send: RelayTransport,
  receive: RelayTransport,
  producers: z.array(RelayProducer),
});
export type RelaySession = z.infer<typeof RelaySession>;

export const ConnectTransportRequest = z.object({
  transportId: TransportId,
  dtlsParameters: DtlsParameters,
});
export const RestartIceRequest = z.object({ transportId: TransportId });
export const RestartIceResponse = z.object({ iceParameters: IceParameters });

export const ProduceRequest = z.object({
  kind: MediaKind,
  rtpParameters: RtpParameters,
  paused: z.boolean().optional(),
  height: PictureHeight.optional(),
});
export type ProduceRequest = z.infer<typeof ProduceRequest>;
export const ProduceResponse = z.object({ producerId: ProducerId });

export const ConsumeRequest = z.object({
  rtpCapabilities: RtpCapabilities,
  producerIds: z.array(ProducerId).min(1).max(64),
});
export type ConsumeRequest = z.infer<typeof ConsumeRequest>;

export const RelayConsumer = z.object({
  consumerId: ConsumerId,
  producerId: ProducerId,
  peerId: PeerId,
  kind: MediaKind,
  rtpParameters: RtpParameters,
});
export type RelayConsumer = z.infer<typeof RelayConsumer>;
/** Made paused; of producers that are gone by now there are none. */
export const ConsumeResponse = z.object({ consumers: z.array(RelayConsumer) });

/** `PATCH …/relay/producers/{producerId}` */
export const UpdateProducerRequest = z.object({ paused: z.boolean() });

/** `PATCH …/relay/consumers`: any number at once. */
export const UpdateConsumersRequest = z.object({
  consumers: z
    .array(
      z.object({
        consumerId: ConsumerId,
        paused: z.boolean().optional(),
        /** Of three layers the one to be had at most: 0 the smallest. */
        spatialLayer: z.int().min(0).max(2).optional(),
      }),
    )
    .max(64),
});
export type UpdateConsumersRequest = z.infer<typeof UpdateConsumersRequest>;

export const RELAY_MESSAGES = [
  /** Whenever they change: all tracks that are sent to the room's relay. */
  z.object({
    type: z.literal('relay:producers'),
    roomId: RoomId,
    producers: z.array(RelayProducer),
  }),
  /** One's transports are gone: open a session anew where the room is still relayed. */
  z.object({
    type: z.literal('relay:closed'),
    roomId: RoomId,
    reason: z.enum(['worker-died', 'not-relayed']),
  }),
] as const;
