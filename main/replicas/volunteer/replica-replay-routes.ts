import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import rangeParser from 'range-parser';
import { z } from 'zod';
import { renderChapters } from '../../../protocol/chapters-vtt.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { RecordingId, RecordingStatus } from '../../../protocol/recordings.ts';
import { GrantResponse } from '../../../protocol/replicas.ts';
import { RoomId } from '../../../protocol/rooms.ts';
import { INIT_URI, PLAYLIST_NAME, renderPlaylist } from '../../recording/packaging/playlist.ts';
import { CHAPTERS_NAME } from '../../recording/takes/chapters.ts';
import type { Access, Caller } from '../../rendezvous/access.ts';
import { requireMaySee } from '../../replay/require-may-see.ts';
import { missing, PLAYLIST_TYPE } from '../../replay/send-replay-file.ts';
import { grantTag } from '../sealed-key.ts';
import type { Replica, ReplicaIndex } from './replica-index.ts';
import type { ReplicaObjects } from './replica-objects.ts';

const IV_BYTES = 16;

const FileName = z.string().regex(/^(init\.mp4|segment-\d{6,9}\.m4s)$/, 'must be a replay file');

/**
 * `/replays/{recordingId}/…` and a recording's state, of what is kept here for others: as on its
 * host's node, but for the key, which is only here sealed for those who may watch.
 */
export function replicaReplayRoutes(options: {
  index: ReplicaIndex;
  objects: ReplicaObjects;
  access: Access;
}): FastifyPluginAsync {
  const { index, objects, access } = options;
  const tags = ['replays'];
  const params = z.object({ recordingId: RecordingId });

  function isWhole(replica: Replica): boolean {
    return index.missing(replica.recordingId, 1).length === 0;
  }

  /** Rejects as {@link requireMaySee} does. */
  async function require(
    request: FastifyRequest,
    replica: Replica | undefined,
  ): Promise<{ replica: Replica; caller: Caller | undefined; cacheScope: string }> {
    const caller = await access.caller(request);
    const audience = replica && audienceOf(replica, caller);
    requireMaySee(audience, caller);
    if (!replica || !isWhole(replica)) {
      throw new ProtocolError(
        'recording-not-found',
        'The copy of this recording is not complete yet. Try again in some minutes.',
      );
    }
    const cacheScope = replica.terms.visibility === 'public' ? 'public' : 'private';
    return { replica, caller, cacheScope };
  }

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    // Anybody may watch what is public, from whichever page; the rest asks for a session, and there
    // are no cookies that another site's page could use.
    app.addHook('onRequest', async (request, reply) => {
      if (request.headers.origin !== undefined) reply.header('access-control-allow-origin', '*');
    });

    app.get(
      '/api/streams/:roomId/recording',
      {
        schema: {
          summary:
            'The copy of a room’s recording that is kept here, the latest unless one is named',
          tags: ['recordings'],
          params: z.object({ roomId: RoomId }),
          querystring: z.object({ recordingId: RecordingId.optional() }),
          response: { 200: RecordingStatus },
        },
      },
      async (request, reply) => {
        const { recordingId } = request.query;
        const found = index
          .ofRoom(request.params.roomId)
          .find((known) => recordingId === undefined || known.recordingId === recordingId);
        const { replica } = await require(request, found);
        reply.header('cache-control', 'no-store');
        return statusOf(replica);
      },
    );

    app.get(
      '/replays/:recordingId/manifest.json',
      { schema: { summary: 'The signed manifest', tags, params } },
      async (request, reply) => {
        const { replica, cacheScope } = await require(request, index.get(
          request.params.recordingId,
        ));
        reply.header('cache-control', `${cacheScope}, no-cache`);
        return reply.type('application/json; charset=utf-8').send(JSON.stringify(replica.manifest));
      },
    );

    app.get(
      `/replays/:recordingId/${PLAYLIST_NAME}`,
      { schema: { summary: 'The playlist (HLS)', tags, params } },
      async (request, reply) => {
        const { replica, cacheScope } = await require(request, index.get(
          request.params.recordingId,
        ));
        reply.header('cache-control', `${cacheScope}, no-cache`);
        return reply.type(PLAYLIST_TYPE).send(playlistOf(replica));
      },
    );

    app.get(
      `/replays/:recordingId/${CHAPTERS_NAME}`,
      { schema: { summary: 'The chapters (WebVTT)', tags, params } },
      async (request, reply) => {
        const { replica, cacheScope } = await require(request, index.get(
          request.params.recordingId,
        ));
        const { chapters = [], durationMs } = replica.manifest;
        reply.header('cache-control', `${cacheScope}, no-cache`);
        return reply.type('text/vtt').send(renderChapters(chapters, durationMs));
      },
    );

    app.get(
      '/replays/:recordingId/grant',
      {
        schema: {
          summary: 'The segment key, sealed for the caller’s identity key (HPKE, RFC 9180)',
          tags,
          params,
          response: { 200: GrantResponse },
        },
      },
      async (request, reply) => {
        const { replica, caller } = await require(request, index.get(request.params.recordingId));
        const grant = caller && grantOf(replica, caller.userId);
        if (!grant) throw missing('sealed key for you');
        reply.header('cache-control', 'private, no-store');
        return { box: grant.box };
      },
    );

    app.get(
      '/replays/:recordingId/:file',
      {
        schema: {
          summary: 'A file of a replay, with Range; its ETag is the SHA-256 in the manifest',
          tags,
          params: params.extend({ file: FileName }),
        },
      },
      async (request, reply) => {
        const { recordingId, file: name } = request.params;
        const { cacheScope } = await require(request, index.get(recordingId));
        const file = index.file(recordingId, name);
        if (!file) throw missing(name);
        const bytes = await objects.read(file.sha256);
        if (!bytes) {
          index.noteGone(file.sha256);
          throw new ProtocolError(
            'recording-damaged',
            `This node’s copy of ${name} is damaged. It is not served; its host is asked for it again.`,
          );
        }
        reply.header('cache-control', `${cacheScope}, max-age=31536000, immutable`);
        reply.header('etag', `"${file.sha256}"`);
        reply.type(name === INIT_URI ? 'video/mp4' : 'video/iso.segment');
        return sendPart(request, reply, bytes);
      },
    );
  };
}

/** All of it, or the one range that is asked for (RFC 9110 section 14). */
function sendPart(request: FastifyRequest, reply: FastifyReply, bytes: Buffer): FastifyReply {
  reply.header('accept-ranges', 'bytes');
  const { range } = request.headers;
  if (range === undefined) return reply.send(bytes);
  const ranges = rangeParser(bytes.length, range);
  if (ranges === -1) {
    reply.header('content-range', `bytes */${bytes.length}`);
    throw new ProtocolError(
      'range-not-satisfiable',
      'The file has nothing in this range. Ask for bytes that it has, or for all of it.',
    );
  }
  const [part, ...more] = ranges === -2 || ranges.type !== 'bytes' ? [] : ranges;
  if (!part || more.length > 0) return reply.send(bytes);
  reply.header('content-range', `bytes ${part.start}-${part.end}/${bytes.length}`);
  return reply.code(206).send(bytes.subarray(part.start, part.end + 1));
}

/** Who may have it: everybody, or those whom its key is sealed for. */
function audienceOf(replica: Replica, caller: Caller | undefined) {
  const isGranted = caller && grantOf(replica, caller.userId) !== undefined;
  return {
    visibility:
      replica.terms.visibility === 'public' ? ('public' as const) : ('invite-only' as const),
    hostUserId: replica.hostUserId,
    allowedUserIds: new Set(isGranted ? [caller.userId] : []),
  };
}

function grantOf({ recordingId, terms }: Replica, userId: string) {
  const tag = grantTag(recordingId, userId);
  return terms.grants.find((grant) => grant.tag === tag);
}

function playlistOf({ manifest, ivs }: Replica): string {
  const isEncrypted = manifest.encryption !== 'none';
  return renderPlaylist({
    entries: manifest.segments,
    ivs: isEncrypted
      ? manifest.segments.map((_, at) => ivs.subarray(at * IV_BYTES, (at + 1) * IV_BYTES))
      : undefined,
  });
}

function statusOf({ recordingId, manifest, terms, sizeBytes }: Replica): RecordingStatus {
  const { title, host, startedAt, durationMs, chapters } = manifest;
  return {
    state: 'ready',
    recordingId,
    ...(title !== '' && { title }),
    hostUserId: host.userId,
    visibility: terms.visibility,
    startedAt,
    manifestUrl: `/replays/${recordingId}/manifest.json`,
    playlistUrl: `/replays/${recordingId}/${PLAYLIST_NAME}`,
    durationMs,
    sizeBytes,
    retainUntil: terms.keepUntil ?? terms.issuedAt,
    pinned: false,
    recovered: false,
    ...(chapters && { chapters }),
    replicas: terms.copies,
    isReplica: true,
  };
}
