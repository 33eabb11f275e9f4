import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import { LiveManifest } from '../../protocol/live-manifest.ts';
import { RecordingId } from '../../protocol/recordings.ts';
import type { LiveRecording } from '../recording/live/live-recording.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import type { LiveViewers } from './live-viewers.ts';
import type { ReplayAccess, ReplayCaller } from './replay-access.ts';
import { PLAYLIST_TYPE, sendReplayFile } from './send-replay-file.ts';

export interface LiveRoutesOptions {
  recordings: RecordingService;
  replayAccess: ReplayAccess;
  viewers: LiveViewers;
}

/** How long a playlist is held back until it has grown: three target durations (RFC 8216bis). */
const LONGEST_WAIT_MS = 12_000;
/** A player may ask for the next segment and the one after it. */
const FURTHEST_AHEAD = 2;

const PlaylistQuery = z.object({
  _HLS_msn: z.coerce.number().int().nonnegative().max(1_000_000).optional(),
  _HLS_skip: z.enum(['YES', 'v2']).optional(),
  viewer: z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,32}$/)
    .optional(),
});

/** `index.m3u8` of a replay and of a recording that still grows, and the latter's `live.json`. */
export function liveRoutes(options: LiveRoutesOptions): FastifyPluginAsync {
  const { recordings, replayAccess, viewers } = options;

  const count = (
    request: FastifyRequest,
    { caller, roomId }: { caller: ReplayCaller; roomId: string },
    viewerId: string | undefined,
  ) => {
    if (caller) viewers.saw(roomId, caller);
    else if (viewerId) viewers.saw(roomId, { address: request.ip, viewerId });
  };

  return async (fastify) => {
    const app = fastify.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/replays/:recordingId/index.m3u8',
      {
        schema: {
          summary:
            'The playlist (HLS). While the recording runs it grows, with blocking reload and delta updates (RFC 8216bis)',
          tags: ['replays'],
          params: z.object({ recordingId: RecordingId }),
          querystring: PlaylistQuery,
        },
      },
      async (request, reply) => {
        const { recordingId } = request.params;
        const { _HLS_msn: awaited, _HLS_skip: skip, viewer: viewerId } = request.query;
        let viewer = await replayAccess.require(request, recordingId);
        const live = recordings.live.watchable(recordingId);
        if (live && awaited !== undefined) {
          count(request, viewer, viewerId);
          await waitFor(live, awaited, request);
          // They may have been shut out meanwhile.
          viewer = await replayAccess.require(request, recordingId);
        }
        recordings.watched(recordingId);
        reply.header('cache-control', `${viewer.cacheScope}, no-cache`);
        if (!recordings.live.watchable(recordingId)) {
          const root = recordings.folderOf(recordingId);
          await recordings.filesOf(recordingId);
          return sendReplayFile(request, reply, { root, file: 'index.m3u8', media: undefined });
        }
        if (!live || live.segments === 0) throw notYet();
        count(request, viewer, viewerId);
        return reply.type(PLAYLIST_TYPE).send(live.playlist.render({ skip: skip !== undefined }));
      },
    );

    app.get(
      '/replays/:recordingId/live.json',
      {
        schema: {
          summary:
            'What the host has signed by now of a recording that still runs, 200 segments at a time',
          tags: ['replays'],
          params: z.object({ recordingId: RecordingId }),
          querystring: z.object({
            from: z.coerce.number().int().nonnegative().max(1_000_000).default(0),
          }),
          response: { 200: LiveManifest },
        },
      },
      async (request, reply) => {
        const { recordingId } = request.params;
        const { cacheScope } = await replayAccess.require(request, recordingId);
        const live = recordings.live.watchable(recordingId);
        if (!live) {
          throw new ProtocolError(
            'recording-not-live',
            'This recording does not run any more. Its manifest.json lists all of it.',
          );
        }
        const page = live.manifest.page(request.query.from);
        if (!page) throw notYet();
        reply.header('cache-control', `${cacheScope}, no-cache`);
        return page;
      },
    );
  };
}

async function waitFor(live: LiveRecording, index: number, request: FastifyRequest): Promise<void> {
  if (index > live.segments - 1 + FURTHEST_AHEAD) {
    throw new ProtocolError(
      'validation-failed',
      'The playlist can be waited for until its next segment or the one after it.',
      [{ path: '_HLS_msn', message: `must be ${live.segments + 1} at most` }],
    );
  }
  const gone = new AbortController();
  const onClose = () => gone.abort();
  request.raw.socket.once('close', onClose);
  try {
    const waiting = AbortSignal.any([gone.signal, AbortSignal.timeout(LONGEST_WAIT_MS)]);
    await live.reached(index, waiting);
  } finally {
    request.raw.socket.off('close', onClose);
  }
}

function notYet(): ProtocolError {
  return new ProtocolError(
    'recording-not-found',
    'There is nothing to watch of this recording yet. Try again in a moment.',
  );
}
