import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RecordingId } from '../../protocol/recordings.ts';
import { MAX_SHEETS, sheetPath } from '../../protocol/storyboard-vtt.ts';
import type { ReplayAccess } from '../replay/replay-access.ts';
import { missing } from '../replay/send-replay-file.ts';
import type { StoryboardStore } from './storyboard-store.ts';

const SheetName = z
  .string()
  .regex(new RegExp(`^[0-${MAX_SHEETS - 1}]\\.webp$`), 'must be a sheet of a storyboard');

/** A replay's storyboard: what its scrubber shows, for its audience. */
export function storyboardRoutes(options: {
  store: StoryboardStore;
  replayAccess: ReplayAccess;
}): FastifyPluginAsync {
  const { store, replayAccess } = options;
  const tags = ['replays'];

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/replays/:recordingId/storyboard.vtt',
      {
        schema: {
          summary: 'Small pictures of a replay (WebVTT): parts of sheets, soon after it is ready',
          tags,
          params: z.object({ recordingId: RecordingId }),
        },
      },
      async (request, reply) => {
        const { recordingId } = request.params;
        const { cacheScope } = await replayAccess.require(request, recordingId);
        const track = await store.track(recordingId);
        if (track === undefined) throw missing('storyboard.vtt');
        reply.header('cache-control', `${cacheScope}, no-cache`);
        return reply.type('text/vtt').send(track);
      },
    );

    app.get(
      '/replays/:recordingId/storyboard/:sheet',
      {
        schema: {
          summary: 'A sheet of a storyboard (WebP)',
          tags,
          params: z.object({ recordingId: RecordingId, sheet: SheetName }),
        },
      },
      async (request, reply) => {
        const { recordingId, sheet } = request.params;
        const { cacheScope } = await replayAccess.require(request, recordingId);
        const number = Number.parseInt(sheet, 10);
        const bytes = await store.sheet(recordingId, number);
        if (bytes === undefined) throw missing(sheetPath(number));
        reply.header('cache-control', `${cacheScope}, max-age=86400`);
        return reply.type('image/webp').send(bytes);
      },
    );
  };
}
