import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import {
  ConnectTransportRequest,
  ConsumeRequest,
  ConsumeResponse,
  MAX_RELAY_BODY_BYTES,
  ProduceRequest,
  ProduceResponse,
  ProducerId,
  RelaySession,
  RestartIceRequest,
  RestartIceResponse,
  SetRelayRequest,
  UpdateConsumersRequest,
  UpdateProducerRequest,
} from '../../protocol/relay.ts';
import { RoomId, RoomResponse } from '../../protocol/rooms.ts';
import { requireScope } from '../identity/create-access.ts';
import type { Access } from '../rendezvous/access.ts';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';
import type { RelayService } from './relay-service.ts';

/** Changes of layers and pauses of a busy room, for one address. */
const REQUESTS_PER_MINUTE = 600;

/** `/api/signaling/rooms/{roomId}/relay…`: a room's media over this node, for who is in the room. */
export function relayRoutes(options: {
  relay: RelayService;
  registry: RoomRegistry;
  access: Access;
}): FastifyPluginAsync {
  const { relay, registry, access } = options;
  const tags = ['relay'];
  const params = z.object({ roomId: RoomId });
  const bodyLimit = MAX_RELAY_BODY_BYTES;
  const config = { rateLimit: { max: REQUESTS_PER_MINUTE, timeWindow: 60_000 } };
  const base = '/api/signaling/rooms/:roomId/relay';

  /** The caller's place in the room. Rejects with `room-not-found`, `banned`, `forbidden`. */
  async function requireInside(request: FastifyRequest<{ Params: { roomId: string } }>) {
    const caller = await access.requireCaller(request, 'stream:join');
    const { roomId } = request.params;
    registry.requireNotBanned(roomId, caller.userId);
    const participant = registry.participantOf(roomId, caller.userId);
    if (!participant) {
      throw new ProtocolError(
        'forbidden',
        'The relay of a room is for the people in it. Join it first.',
      );
    }
    return { roomId, peerId: participant.peerId };
  }

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.post(
      base,
      {
        config,
        schema: {
          summary: 'Moves the room to this node’s relay, or back to its mesh (host)',
          tags,
          params,
          body: SetRelayRequest,
          response: { 200: RoomResponse },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request);
        requireScope(caller, 'stream:create');
        const { roomId } = request.params;
        const room = registry.require(roomId);
        if (room.host.userId !== caller.userId) {
          throw new ProtocolError('forbidden', 'Only the host of this room can move it.');
        }
        if (room.state === 'ended') throw new ProtocolError('room-closed', 'This room has ended.');
        relay.setRelayed(roomId, request.body.enabled);
        return { room: registry.require(roomId) };
      },
    );

    app.post(
      `${base}/session`,
      {
        config,
        schema: {
          summary: 'New transports for the caller; former ones are closed',
          tags,
          params,
          response: { 200: RelaySession },
        },
      },
      async (request) => {
        const { roomId, peerId } = await requireInside(request);
        return relay.open(roomId, peerId);
      },
    );

    app.post(
      `${base}/connect`,
      {
        bodyLimit,
        config,
        schema: {
          summary: 'Connects a transport of the caller’s',
          tags,
          params,
          body: ConnectTransportRequest,
          response: { 204: z.void() },
        },
      },
      async (request, reply) => {
        const { roomId, peerId } = await requireInside(request);
        const { transportId, dtlsParameters } = request.body;
        await relay.room(roomId).connect(peerId, transportId, dtlsParameters);
        return reply.code(204).send();
      },
    );

    app.post(
      `${base}/restart-ice`,
      {
        config,
        schema: {
          summary: 'Looks for another path for a transport of the caller’s',
          tags,
          params,
          body: RestartIceRequest,
          response: { 200: RestartIceResponse },
        },
      },
      async (request) => {
        const { roomId, peerId } = await requireInside(request);
        const room = relay.room(roomId);
        return { iceParameters: await room.restartIce(peerId, request.body.transportId) };
      },
    );

    app.post(
      `${base}/producers`,
      {
        bodyLimit,
        config,
        schema: {
          summary: 'Sends a track; one of the same kind before it ends',
          tags,
          params,
          body: ProduceRequest,
          response: { 200: ProduceResponse },
        },
      },
      async (request) => {
        const { roomId, peerId } = await requireInside(request);
        relay.requireMaySend(roomId, peerId);
        return { producerId: await relay.room(roomId).produce(peerId, request.body) };
      },
    );

    app.patch(
      `${base}/producers/:producerId`,
      {
        config,
        schema: {
          summary: 'Pauses a track of the caller’s, or has it go on',
          tags,
          params: params.extend({ producerId: ProducerId }),
          body: UpdateProducerRequest,
          response: { 204: z.void() },
        },
      },
      async (request, reply) => {
        const { roomId, peerId } = await requireInside(request);
        const room = relay.room(roomId);
        await room.setPaused(peerId, request.params.producerId, request.body.paused);
        return reply.code(204).send();
      },
    );

    app.delete(
      `${base}/producers/:producerId`,
      {
        config,
        schema: {
          summary: 'Ends a track of the caller’s',
          tags,
          params: params.extend({ producerId: ProducerId }),
          response: { 204: z.void() },
        },
      },
      async (request, reply) => {
        const { roomId, peerId } = await requireInside(request);
        relay.room(roomId).closeProducer(peerId, request.params.producerId);
        return reply.code(204).send();
      },
    );

    app.post(
      `${base}/consumers`,
      {
        bodyLimit,
        config,
        schema: {
          summary: 'Receives tracks of others; paused until they are resumed',
          tags,
          params,
          body: ConsumeRequest,
          response: { 200: ConsumeResponse },
        },
      },
      async (request) => {
        const { roomId, peerId } = await requireInside(request);
        const room = relay.room(roomId);
        return { consumers: await room.consume(peerId, request.body) };
      },
    );

    app.patch(
      `${base}/consumers`,
      {
        config,
        schema: {
          summary: 'Pauses and resumes what the caller receives, and chooses its layers',
          tags,
          params,
          body: UpdateConsumersRequest,
          response: { 204: z.void() },
        },
      },
      async (request, reply) => {
        const { roomId, peerId } = await requireInside(request);
        await relay.room(roomId).updateConsumers(peerId, request.body);
        return reply.code(204).send();
      },
    );
  };
}
