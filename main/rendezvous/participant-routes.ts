import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SignedModerationEvent } from '../../protocol/moderation.ts';
import { UpdateParticipantRequest } from '../../protocol/participant-update.ts';
import { KnockList, Participant, ParticipantList } from '../../protocol/rooms.ts';
import type { Access } from './access.ts';
import type { ParticipantActions } from './participant-actions.ts';
import type { RoomActions } from './room-actions.ts';

/** `/api/signaling/rooms/{roomId}/participants…`, and who would like to be one. */
export function participantRoutes(options: {
  actions: RoomActions;
  participants: ParticipantActions;
  access: Access;
}): FastifyPluginAsync {
  const { actions, participants, access } = options;
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
          summary: 'Mutes oneself; as a moderator mutes, removes, promotes, demotes or lets in',
          tags,
          params: z.object({ roomId: z.string(), peerId: z.string() }),
          body: UpdateParticipantRequest,
          response: {
            200: z.object({
              participant: Participant.optional(),
              event: SignedModerationEvent.optional(),
            }),
          },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request, 'stream:join');
        const { roomId, peerId } = request.params;
        return participants.update(caller, roomId, peerId, request.body);
      },
    );

    app.get(
      '/api/signaling/rooms/:roomId/knocks',
      {
        schema: {
          summary: 'Who waits to be let in (moderators)',
          tags,
          params: z.object({ roomId: z.string() }),
          response: { 200: KnockList },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request);
        return { knocks: participants.knocks(caller, request.params.roomId) };
      },
    );
  };
}
