import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AssetId, AssetResponse, MAX_ASSET_BYTES, PICTURE_WIDTHS } from '../../protocol/assets.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Feed } from '../feed/feed.ts';
import { decodePicture, encodeWebp } from '../pictures/webp.ts';
import { ffmpegMissing } from '../recording/packaging/ffmpeg-missing.ts';
import type { Access } from '../rendezvous/access.ts';
import type { AssetStore } from './asset-store.ts';

/** Pictures a member may send in a minute: each takes a second of a processor. */
const UPLOADS_PER_MINUTE = 6;

/** Pictures of one member's that no post shows: more, and the oldest go. */
const MAX_UNUSED = 10;

export interface AssetRoutesOptions {
  assets: AssetStore;
  feed: Feed;
  access: Access;
  ffmpegPath: string | undefined;
}

/** `/api/assets…`: pictures for posts, for those who may see a post that shows them. */
export function assetRoutes(options: AssetRoutesOptions): FastifyPluginAsync {
  const { assets, feed, access, ffmpegPath } = options;
  const tags = ['assets'];
  const closing = new AbortController();

  async function forgetUnused(userId: string): Promise<void> {
    const unused = assets.ofOwner(userId).filter((assetId) => !feed.showing(assetId));
    for (const assetId of unused.slice(0, -MAX_UNUSED)) await assets.remove(assetId);
  }

  return async (instance) => {
    instance.addHook('onClose', async () => closing.abort(new Error('The node stops.')));
    // In this plugin alone: everywhere else bytes are no body.
    for (const type of ['image/png', 'image/jpeg', 'image/webp', 'application/octet-stream']) {
      instance.addContentTypeParser(
        type,
        { parseAs: 'buffer', bodyLimit: MAX_ASSET_BYTES },
        async (_request: FastifyRequest, body: Buffer) => body,
      );
    }
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/api/assets',
      {
        bodyLimit: MAX_ASSET_BYTES,
        config: { rateLimit: { max: UPLOADS_PER_MINUTE, timeWindow: 60_000 } },
        // Before the body is read: nobody without a session has megabytes taken in.
        preParsing: async (request) => {
          await access.requireCaller(request, 'post:write');
        },
        schema: {
          summary: 'Keeps a picture (PNG, JPEG or WebP) as WebP of 1280, 640 and 320 pixels',
          tags,
          consumes: ['image/png', 'image/jpeg', 'image/webp'],
          response: { 201: AssetResponse },
        },
      },
      async (request, reply) => {
        const { userId } = await access.requireCaller(request, 'post:write');
        if (!ffmpegPath) throw ffmpegMissing();
        const run = { ffmpegPath, signal: closing.signal };
        const picture = Buffer.isBuffer(request.body) ? await decode(run, request.body) : undefined;
        if (!picture) throw notAPicture();
        const assetId = await assets.put(userId, await encodeWebp(run, picture));
        await forgetUnused(userId);
        return reply.code(201).send({ assetId });
      },
    );

    app.get(
      '/api/assets/:assetId',
      {
        schema: {
          summary: 'A picture as WebP, 1280 pixels wide unless another width is asked for',
          tags,
          params: z.object({ assetId: AssetId }),
          querystring: z.object({
            width: z.coerce
              .number()
              .pipe(z.union(PICTURE_WIDTHS.map((width) => z.literal(width))))
              .default(PICTURE_WIDTHS[0]),
          }),
        },
      },
      async (request, reply) => {
        const { assetId } = request.params;
        const caller = await access.caller(request);
        const shown = feed.showing(assetId);
        const owner = assets.ownerOf(assetId);
        const mayView = owner !== undefined && owner === caller?.userId;
        if (owner === undefined || !(mayView || (shown && feed.maySee(shown, caller)))) {
          throw new ProtocolError('not-found', 'There is no such picture, or it is not for you.');
        }
        const isPublic = shown !== undefined && feed.maySee(shown, undefined);
        const etag = `"${assetId}-${request.query.width}"`;
        // It never changes under its id; whether one may still see it is asked each time.
        reply.header('cache-control', isPublic ? 'public, max-age=86400' : 'private, no-cache');
        reply.header('etag', etag);
        if (request.headers['if-none-match'] === etag) return reply.code(304).send();
        return reply.type('image/webp').send(await assets.read(assetId, request.query.width));
      },
    );
  };
}

async function decode(run: { ffmpegPath: string; signal: AbortSignal }, file: Buffer) {
  try {
    return await decodePicture(run, file);
  } catch (error) {
    run.signal.throwIfAborted();
    throw Object.assign(notAPicture(), { cause: error });
  }
}

function notAPicture(): ProtocolError {
  return new ProtocolError(
    'asset-invalid',
    'This is not a picture that can be used. Send a PNG, JPEG or WebP of up to 8 MB and 40 million pixels.',
  );
}
