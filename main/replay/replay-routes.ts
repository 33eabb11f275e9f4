import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { renderChapters } from '../../protocol/chapters-vtt.ts';
import { RecordingId } from '../../protocol/recordings.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import { CHAPTERS_NAME } from '../recording/takes/chapters.ts';
import type { ReplayAccess } from './replay-access.ts';
import { missing, sendReplayFile } from './send-replay-file.ts';

export interface ReplayRoutesOptions {
  recordings: RecordingService;
  replayAccess: ReplayAccess;
}

/** A replay has these files and no others, so no path can lead out of its folder. */
const FileName = z
  .string()
  .regex(/^(manifest\.json|init\.mp4|segment-\d{6,9}\.m4s)$/, 'must be a replay file');

/** `/replays/{recordingId}/…`: manifest, segments, chapters and key, under the audience. */
export function replayRoutes({
  recordings,
  replayAccess,
}: ReplayRoutesOptions): FastifyPluginAsync {
  return async (fastify) => {
    const app = fastify.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/replays/:recordingId/key',
      {
        schema: {
          summary: 'The AES-128 key of encrypted segments: 16 bytes (RFC 8216)',
          tags: ['replays'],
          params: z.object({ recordingId: RecordingId }),
        },
      },
      async (request, reply) => {
        const { recordingId } = request.params;
        await replayAccess.require(request, recordingId);
        const key = recordings.segmentKeyOf(recordingId);
        if (!key) throw missing('key');
        reply.header('cache-control', 'private, no-store');
        return reply.type('application/octet-stream').send(Buffer.from(key));
      },
    );

    app.get(
      `/replays/:recordingId/${CHAPTERS_NAME}`,
      {
        schema: {
          summary: 'The chapters of a replay (WebVTT); none where nobody set a marker',
          tags: ['replays'],
          params: z.object({ recordingId: RecordingId }),
        },
      },
      async (request, reply) => {
        const { recordingId } = request.params;
        const { cacheScope } = await replayAccess.require(request, recordingId);
        const { chapters, durationMs } = recordings.status(recordingId);
        reply.header('cache-control', `${cacheScope}, no-cache`);
        return reply.type('text/vtt').send(renderChapters(chapters ?? [], durationMs));
      },
    );

    app.get(
      '/replays/:recordingId/:file',
      {
        schema: {
          summary: 'A file of a replay, with Range; its ETag is the SHA-256 in the manifest',
          tags: ['replays'],
          params: z.object({ recordingId: RecordingId, file: FileName }),
        },
      },
      async (request, reply) => {
        const { recordingId, file } = request.params;
        const { cacheScope } = await replayAccess.require(request, recordingId);
        const files = await recordings.filesOf(recordingId);
        recordings.watched(recordingId);
        const isMedia = /\.(mp4|m4s)$/.test(file);
        const media = files.get(file);
        if (isMedia && !media) throw missing(file);
        reply.header(
          'cache-control',
          isMedia ? `${cacheScope}, max-age=31536000, immutable` : `${cacheScope}, no-cache`,
        );
        return sendReplayFile(request, reply, {
          root: recordings.folderOf(recordingId),
          file,
          media,
        });
      },
    );
  };
}
