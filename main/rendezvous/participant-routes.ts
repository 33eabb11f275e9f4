import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { UpdateParticipantRequest } from '../../protocol/participant-update.ts';
import { Participant, ParticipantList } from '../../protocol/rooms.ts';
import type { Access } from './access.ts';
import type { RoomActions } from './room-actions.ts';

/** `/api/signaling/rooms/{roomId}/participants…` */
export function participantRoutes(options: {
  actions: RoomActions;
  access: Access;
}): FastifyPluginAsync {
  const { actions, access } = options;
  const tags = ['rooms'];

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/api/signaling/rooms/:roomId/participants',
      {
        schema: {
          summary: 'Who is in the room',
          tags,
          params: z.object({ roomId: z.string() }),
          response: { 200: ParticipantList },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request);
        return { participants: actions.participants(caller, request.params.roomId) };
      },
    );

    app.patch(
      '/api/signaling/rooms/:roomId/participants/:peerId',
      {
        schema: {
          summary: 'Mutes or unmutes oneself',
          tags,
          params: z.object({ roomId: z.string(), peerId: z.string() }),
          body: UpdateParticipantRequest,
          response: { 200: z.object({ participant: Participant }) },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request, 'stream:join');
        const { roomId, peerId } = request.params;
        return { participant: actions.updateParticipant(caller, roomId, peerId, request.body) };
      },
    );
  };
}
