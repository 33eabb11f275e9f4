import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ChatMessageId, KeptChat } from '../../../protocol/chat.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { RecordingId } from '../../../protocol/recordings.ts';
import type { Access } from '../../rendezvous/access.ts';
import type { ReplayAccess } from '../../replay/replay-access.ts';
import type { RecordingService } from '../recording-service.ts';
import type { KeptChatStore } from './kept-chat.ts';

/** `/replays/{recordingId}/chat.json`: what was said, for the audience; the host takes away. */
export function chatRoutes(options: {
  chat: KeptChatStore;
  recordings: RecordingService;
  replayAccess: ReplayAccess;
  access: Access;
}): FastifyPluginAsync {
  const { chat, recordings, replayAccess, access } = options;
  const tags = ['replays'];

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/replays/:recordingId/chat.json',
      {
        schema: {
          summary: 'What was said in the room’s chat, where its host kept it',
          tags,
          params: z.object({ recordingId: RecordingId }),
          response: { 200: KeptChat },
        },
      },
      async (request, reply) => {
        const { recordingId } = request.params;
        const { cacheScope } = await replayAccess.require(request, recordingId);
        const { library } = recordings;
        const takeStartsMs = await library.takeStartsMs(library.require(recordingId));
        const { durationMs } = recordings.status(recordingId);
        reply.header('cache-control', `${cacheScope}, no-cache`);
        return { messages: chat.messages(recordingId, takeStartsMs, durationMs) };
      },
    );

    app.delete(
      '/replays/:recordingId/chat/:messageId',
      {
        schema: {
          summary: 'Takes a message out of a recording’s chat (host)',
          tags,
          params: z.object({ recordingId: RecordingId, messageId: ChatMessageId }),
          response: { 204: z.undefined() },
        },
      },
      async (request, reply) => {
        const { recordingId, messageId } = request.params;
        const caller = await access.requireCaller(request, 'stream:create');
        replayAccess.judge(recordingId)(caller);
        if (recordings.audienceOf(recordingId)?.hostUserId !== caller.userId) {
          throw new ProtocolError('forbidden', 'Only the host of the room decides over its chat.');
        }
        chat.forget(recordingId, messageId);
        return reply.code(204).send();
      },
    );
  };
}
