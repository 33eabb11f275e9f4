import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  CreateRoomRequest,
  CreateRoomResponse,
  INVITATION_HEADER,
  JoinPendingResponse,
  JoinRoomRequest,
  JoinRoomResponse,
  PromoteRequest,
  PromoteResponse,
  RoomList,
  RoomResponse,
  SetRecordingRequest,
} from '../../protocol/rooms.ts';
import type { Access } from './access.ts';
import type { RoomActions } from './room-actions.ts';
import type { SocketHub } from './sockets/socket-hub.ts';

const tags = ['rooms'];
const params = z.object({ roomId: z.string() });
/** Loose: what is parsed takes the place of all the headers, the session's among them. */
const invitationHeader = z.looseObject({
  [INVITATION_HEADER]: z
    .string()
    .max(2048)
    .optional()
    .describe("An invitation's token: shows the room to whoever holds it, before joining"),
});

/** `/api/signaling/rooms…` */
export function roomRoutes(options: {
  actions: RoomActions;
  sockets: SocketHub;
  access: Access;
  /** How many watch a room that is live. */
  viewersOf: (roomId: string) => number;
}): FastifyPluginAsync {
  const { actions, sockets, access, viewersOf } = options;

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/api/signaling/rooms',
      {
        schema: {
          summary: 'Creates a room, or opens an ended one again, and enters it as host',
          tags,
          body: CreateRoomRequest,
          response: { 201: CreateRoomResponse },
        },
      },
      async (request, reply) => {
        const caller = await access.requireCaller(request);
        const created = await actions.create(caller, request.body);
        sockets.bindNewest(caller.userId, created.room.roomId, created.peerId);
        return reply.code(201).send(created);
      },
    );

    app.get(
      '/api/signaling/rooms',
      { schema: { summary: 'Rooms the caller may see', tags, response: { 200: RoomList } } },
      async (request) => ({ rooms: actions.list(await access.caller(request)) }),
    );

    app.get(
      '/api/signaling/rooms/:roomId',
      {
        schema: {
          summary: 'A room, for those who may join it',
          tags,
          params,
          headers: invitationHeader,
          response: { 200: RoomResponse },
        },
      },
      async (request) => {
        const caller = await access.caller(request);
        const { roomId } = request.params;
        const invitation = request.headers[INVITATION_HEADER];
        const room =
          invitation === undefined
            ? actions.get(caller, roomId)
            : await actions.getInvited(caller, roomId, invitation);
        const wayIn = actions.wayIn(caller, room);
        return {
          room,
          ...(wayIn && { wayIn }),
          ...(room.broadcast === 'broadcast' && { concurrentViewers: viewersOf(roomId) }),
        };
      },
    );

    app.post(
      '/api/signaling/rooms/:roomId/join',
      {
        schema: {
          summary: 'Enters a room, or asks to be let in; again answers the same',
          tags,
          params,
          body: JoinRoomRequest.nullish(),
          response: { 200: JoinRoomResponse, 202: JoinPendingResponse },
        },
      },
      async (request, reply) => {
        const caller = await access.requireCaller(request);
        const joined = await actions.join(caller, request.params.roomId, request.body ?? {});
        if ('status' in joined) return reply.code(202).send(joined);
        sockets.bindNewest(caller.userId, joined.room.roomId, joined.peerId);
        return reply.code(200).send(joined);
      },
    );

    app.post(
      '/api/signaling/rooms/:roomId/leave',
      { schema: { summary: 'Leaves', tags, params, response: { 204: z.undefined() } } },
      async (request, reply) => {
        actions.leave(await access.requireCaller(request), request.params.roomId);
        return reply.code(204).send();
      },
    );

    app.post(
      '/api/signaling/rooms/:roomId/promote',
      {
        schema: {
          summary: 'Publishes the stream post and sets the room to broadcast (host)',
          tags,
          params,
          body: PromoteRequest.nullish(),
          response: { 200: PromoteResponse },
        },
      },
      async (request) =>
        actions.promote(
          await access.requireCaller(request),
          request.params.roomId,
          request.body ?? {},
        ),
    );

    app.post(
      '/api/signaling/rooms/:roomId/recording',
      {
        schema: {
          summary: 'Turns recording on or off (host)',
          tags,
          params,
          body: SetRecordingRequest,
          response: { 200: RoomResponse },
        },
      },
      async (request) => ({
        room: actions.setRecording(
          await access.requireCaller(request),
          request.params.roomId,
          request.body.enabled,
          request.body.keepsChat,
        ),
      }),
    );

    app.delete(
      '/api/signaling/rooms/:roomId',
      {
        schema: {
          summary: 'Ends the room for everybody (host)',
          tags,
          params,
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        actions.end(await access.requireCaller(request), request.params.roomId);
        return reply.code(204).send();
      },
    );
  };
}
