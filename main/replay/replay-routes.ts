import { send } from '@fastify/send';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import { RecordingId } from '../../protocol/recordings.ts';
import type { StoredFile } from '../recording/packaging/segment-store.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import { CHAPTERS_NAME, renderChapters } from '../recording/takes/chapters.ts';
import type { Access } from '../rendezvous/access.ts';
import { requireMaySee } from './require-may-see.ts';

export interface ReplayRoutesOptions {
  recordings: RecordingService;
  access: Access;
}

const CONTENT_TYPES = {
  m3u8: 'application/vnd.apple.mpegurl',
  json: 'application/json; charset=utf-8',
  mp4: 'video/mp4',
  m4s: 'video/iso.segment',
} as const;

/** A replay has these files and no others, so no path can lead out of its folder. */
const FileName = z
  .string()
  .regex(/^(index\.m3u8|manifest\.json|init\.mp4|segment-\d{6,9}\.m4s)$/, 'must be a replay file');

/** `/replays/{recordingId}/…`: playlist, manifest, segments and key, under the audience. */
export function replayRoutes({ recordings, access }: ReplayRoutesOptions): FastifyPluginAsync {
  const requireAudience = async (request: FastifyRequest, recordingId: string) => {
    const audience = recordings.audienceOf(recordingId);
    requireMaySee(audience, await access.caller(request));
    return audience?.visibility === 'public' ? 'public' : 'private';
  };

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
        await requireAudience(request, recordingId);
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
        const scope = await requireAudience(request, recordingId);
        const { chapters, durationMs } = recordings.status(recordingId);
        reply.header('cache-control', `${scope}, no-cache`);
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
        const scope = await requireAudience(request, recordingId);
        const files = await recordings.filesOf(recordingId);
        recordings.watched(recordingId);
        const isMedia = /\.(mp4|m4s)$/.test(file);
        const media = files.get(file);
        if (isMedia && !media) throw missing(file);
        reply.header(
          'cache-control',
          isMedia ? `${scope}, max-age=31536000, immutable` : `${scope}, no-cache`,
        );
        return sendFile(request, reply, { root: recordings.folderOf(recordingId), file, media });
      },
    );
  };
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { root, file, media }: { root: string; file: string; media: StoredFile | undefined },
): Promise<FastifyReply> {
  const etag = media && `"${media.sha256}"`;
  if (etag) reply.header('etag', etag);
  if (etag && matches(request.headers['if-none-match'], etag)) return reply.status(304).send();
  // RFC 9110 section 13.1.5: a range of the very same file is served, else the whole file is. The
  // library would compare with an ETag of its own.
  const ifRange = request.headers['if-range'];
  if (ifRange === etag) delete request.raw.headers['if-range'];
  const answer = await send(request.raw, file, {
    root,
    cacheControl: false,
    // What is immutable has its hash for an ETag; the others change under the same name.
    etag: !media,
    lastModified: false,
    contentType: false,
    dotfiles: 'deny',
  });
  if (answer.type === 'file' && media && answer.metadata.stat.size !== media.sizeBytes) {
    answer.stream.destroy();
    throw new ProtocolError(
      'recording-damaged',
      `${file} is not as long as the manifest says. It is not served; verify the recording.`,
    );
  }
  if (answer.type !== 'file') {
    answer.stream.destroy();
    if (answer.statusCode === 404) throw missing(file);
    const contentRange = answer.headers['Content-Range'];
    if (contentRange) reply.header('content-range', contentRange);
    if (answer.statusCode === 416) throw outside(file);
    return reply.status(answer.statusCode).send();
  }
  const extension = file.slice(file.lastIndexOf('.') + 1) as keyof typeof CONTENT_TYPES;
  reply.headers(answer.headers).type(CONTENT_TYPES[extension]);
  return reply.status(answer.statusCode).send(answer.stream);
}

/** `If-None-Match` (RFC 9110 section 13.1.2): weak comparison, a list, or `*`. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}

function outside(file: string): ProtocolError {
  return new ProtocolError(
    'range-not-satisfiable',
    `${file} has nothing in this range. Ask for bytes that it has, or for all of it.`,
  );
}

function missing(file: string): ProtocolError {
  return new ProtocolError('recording-not-found', `This replay has no ${file}, or not yet.`);
}
