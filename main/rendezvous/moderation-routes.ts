import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ModerationLog, ModerationRequest, ModerationResponse } from '../../protocol/moderation.ts';
import { InvitationsRequest, InvitationsResponse } from '../../protocol/rooms.ts';
import type { Access } from './access.ts';
import type { InvitationActions } from './invitation-actions.ts';
import type { ModerationActions } from './moderation-actions.ts';

/** `…/invitations` and `…/moderation…`: what the moderators of a room decide. */
export function moderationRoutes(options: {
  invitations: InvitationActions;
  moderation: ModerationActions;
  access: Access;
}): FastifyPluginAsync {
  const { invitations, moderation, access } = options;
  const tags = ['moderation'];
  const params = z.object({ roomId: z.string() });

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/api/signaling/rooms/:roomId/invitations',
      {
        schema: {
          summary: 'Mints and revokes invitations; answers all of them (moderators)',
          tags,
          params,
          body: InvitationsRequest.nullish(),
          response: { 200: InvitationsResponse },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request);
        const { roomId } = request.params;
        return { invites: await invitations.update(caller, roomId, request.body ?? {}) };
      },
    );

    app.post(
      '/api/signaling/rooms/:roomId/moderation',
      {
        schema: {
          summary: 'Bans or unbans (moderators)',
          tags,
          params,
          body: ModerationRequest,
          response: { 200: ModerationResponse },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request);
        const { roomId } = request.params;
        return { event: await moderation.moderate(caller, roomId, request.body) };
      },
    );

    app.get(
      '/api/signaling/rooms/:roomId/moderation/log',
      {
        schema: {
          summary: 'Every act of moderation, in the order that decides (moderators)',
          tags,
          params,
          response: { 200: ModerationLog },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request);
        return { events: moderation.log(caller, request.params.roomId) };
      },
    );
  };
}
