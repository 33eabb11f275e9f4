import { dirname } from 'node:path';
import { send } from '@fastify/send';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import { DownloadResponse, RecordingId } from '../../protocol/recordings.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import type { ReplayAccess } from '../replay/replay-access.ts';
import type { DownloadTickets } from './download-tickets.ts';
import type { Downloads } from './downloads.ts';

/** Each may cost the host's machine a remux. */
const REQUESTS_PER_MINUTE = 6;

export interface DownloadRoutesOptions {
  downloads: Downloads;
  tickets: DownloadTickets;
  recordings: RecordingService;
  replayAccess: ReplayAccess;
}

/** `/replays/{recordingId}/download`: a plain MP4 for its audience, where its host allows it. */
export function downloadRoutes(options: DownloadRoutesOptions): FastifyPluginAsync {
  const { downloads, tickets, recordings, replayAccess } = options;
  const tags = ['replays'];

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/replays/:recordingId/download',
      {
        config: { rateLimit: { max: REQUESTS_PER_MINUTE, timeWindow: 60_000 } },
        schema: {
          summary: 'Makes a plain MP4 of a replay and answers where it is had for an hour',
          tags,
          params: z.object({ recordingId: RecordingId }),
          response: { 200: DownloadResponse },
        },
      },
      async (request) => {
        const { recordingId } = request.params;
        const { caller } = await replayAccess.require(request, recordingId);
        const { name, sizeBytes } = await downloads.file(recordingId);
        const ticket = tickets.issue(recordingId, caller);
        return { url: `/replays/${recordingId}/download/${ticket}`, name, sizeBytes };
      },
    );

    app.get(
      '/replays/:recordingId/download/:ticket',
      {
        schema: {
          summary: 'The MP4, with Range, for whoever holds the ticket and may still watch',
          tags,
          params: z.object({ recordingId: RecordingId, ticket: z.string().max(64) }),
        },
      },
      async (request, reply) => {
        const { recordingId, ticket } = request.params;
        const known = tickets.of(ticket);
        if (known?.recordingId !== recordingId) {
          throw new ProtocolError(
            'not-found',
            'This download is over. Ask for it again on the replay’s page.',
          );
        }
        replayAccess.judge(recordingId)(known.caller);
        const { path, name } = await downloads.file(recordingId);
        recordings.watched(recordingId);
        const answer = await send(request.raw, encodeURIComponent(name), {
          root: dirname(path),
          cacheControl: false,
          contentType: false,
          dotfiles: 'deny',
        });
        if (answer.statusCode >= 400) {
          answer.stream.destroy();
          throw new ProtocolError('range-not-satisfiable', 'The file has nothing in this range.');
        }
        answer.stream.once('close', downloads.use(recordingId));
        return reply
          .status(answer.statusCode)
          .headers(answer.headers)
          .header('cache-control', 'private, no-store')
          .header('content-disposition', attachment(name))
          .type('video/mp4')
          .send(answer.stream);
      },
    );
  };
}

/** Saved under this name (RFC 6266; the plain form for what reads no other). */
function attachment(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
