import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import { RecordingId } from '../../protocol/recordings.ts';
import { RoomId } from '../../protocol/rooms.ts';
import { StreamSummary, Transcript, UpdateSummaryRequest } from '../../protocol/summaries.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import type { Access } from '../rendezvous/access.ts';
import type { ReplayAccess } from '../replay/replay-access.ts';
import { captionsOf } from './captions.ts';
import type { SummaryService } from './summary-service.ts';

export interface SummaryRoutesOptions {
  summaries: SummaryService;
  recordings: RecordingService;
  replayAccess: ReplayAccess;
  access: Access;
}

/** `/api/streams/{roomId}/summary`, and a replay's captions and transcript, for its audience. */
export function summaryRoutes(options: SummaryRoutesOptions): FastifyPluginAsync {
  const { summaries, recordings, replayAccess, access } = options;
  const params = z.object({ roomId: RoomId });
  /** Which of the room's recordings. */
  const querystring = z.object({ recordingId: RecordingId.optional() });
  const replayParams = z.object({ recordingId: RecordingId });
  const tags = ['summaries'];

  const recordingOf = (roomId: string, recordingId: string | undefined): string => {
    const status = recordings.statusOfRoom(roomId, recordingId);
    if (status) return status.recordingId;
    throw new ProtocolError('recording-not-found', 'This room was not recorded.');
  };

  const requireHost = async (request: FastifyRequest, recordingId: string) => {
    const caller = await access.requireCaller(request, 'stream:create');
    replayAccess.judge(recordingId)(caller);
    if (recordings.audienceOf(recordingId)?.hostUserId === caller.userId) return;
    throw new ProtocolError('forbidden', 'Only the host of the room decides over its summary.');
  };

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/api/streams/:roomId/summary',
      {
        schema: {
          summary: 'What was said in a recording, the latest unless another is named',
          tags,
          params,
          querystring,
          response: { 200: StreamSummary },
        },
      },
      async (request, reply) => {
        const recordingId = recordingOf(request.params.roomId, request.query.recordingId);
        await replayAccess.require(request, recordingId);
        reply.header('cache-control', 'private, no-cache');
        return summaries.require(recordingId);
      },
    );

    app.patch(
      '/api/streams/:roomId/summary',
      {
        schema: {
          summary: 'Changes the words of a summary (host)',
          tags,
          params,
          querystring,
          body: UpdateSummaryRequest,
          response: { 200: StreamSummary },
        },
      },
      async (request) => {
        const recordingId = recordingOf(request.params.roomId, request.query.recordingId);
        await requireHost(request, recordingId);
        return summaries.edit(recordingId, request.body.bullets);
      },
    );

    app.delete(
      '/api/streams/:roomId/summary',
      {
        schema: {
          summary: 'Deletes a summary and the transcript it was made of (host)',
          tags,
          params,
          querystring,
          response: { 204: z.void() },
        },
      },
      async (request, reply) => {
        const recordingId = recordingOf(request.params.roomId, request.query.recordingId);
        await requireHost(request, recordingId);
        summaries.remove(recordingId);
        return reply.status(204).send();
      },
    );

    app.get(
      '/replays/:recordingId/captions.vtt',
      {
        schema: { summary: 'Captions of a replay (WebVTT)', tags, params: replayParams },
      },
      async (request, reply) => {
        const { recordingId } = request.params;
        const { cacheScope } = await replayAccess.require(request, recordingId);
        reply.header('cache-control', `${cacheScope}, no-cache`);
        return reply.type('text/vtt').send(captionsOf(summaries.requireTranscript(recordingId)));
      },
    );

    app.get(
      '/replays/:recordingId/transcript.json',
      {
        schema: {
          summary: 'The transcript of a replay',
          tags,
          params: replayParams,
          response: { 200: Transcript },
        },
      },
      async (request, reply) => {
        const { recordingId } = request.params;
        const { cacheScope } = await replayAccess.require(request, recordingId);
        reply.header('cache-control', `${cacheScope}, no-cache`);
        return summaries.requireTranscript(recordingId);
      },
    );
  };
}
