import type { Readable } from 'node:stream';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import { MAX_UPLOAD_PROBE_BYTES, UploadProbeResult } from '../../protocol/upload-probe.ts';
import type { Access } from './access.ts';

/** Probes an address may send in a minute: three checks of two probes each. */
export const UPLOAD_PROBES_PER_MINUTE = 6;

/**
 * `POST /api/diagnostics/upload-probe`: counts the bytes it is sent and throws them away, so that
 * a page can time its way to this node. Nothing is kept in memory but the chunk at hand. Refuses
 * with `auth-required`, `rate-limited` and `message-too-large`.
 */
export function uploadProbeRoutes(options: { access: Access }): FastifyPluginAsync {
  return async (instance) => {
    // In this plugin alone: everywhere else bytes are no body.
    instance.addContentTypeParser('application/octet-stream', countBytes);
    instance.withTypeProvider<ZodTypeProvider>().post(
      '/api/diagnostics/upload-probe',
      {
        config: { rateLimit: { max: UPLOAD_PROBES_PER_MINUTE, timeWindow: 60_000 } },
        // Before the body is read: nobody without a session has a megabyte taken in.
        preParsing: async (request) => {
          await options.access.requireCaller(request);
          if (Number(request.headers['content-length'] ?? 0) > MAX_UPLOAD_PROBE_BYTES) {
            throw tooLarge();
          }
        },
        schema: {
          summary: 'Counts up to 1 MiB and throws it away, to time an upload',
          tags: ['diagnostics'],
          consumes: ['application/octet-stream'],
          response: { 200: UploadProbeResult },
        },
      },
      async (request) => ({ receivedBytes: z.number().parse(request.body ?? 0) }),
    );
  };
}

async function countBytes(_request: FastifyRequest, payload: Readable): Promise<number> {
  let receivedBytes = 0;
  for await (const chunk of payload) {
    receivedBytes += chunk.length;
    if (receivedBytes > MAX_UPLOAD_PROBE_BYTES) throw tooLarge();
  }
  return receivedBytes;
}

function tooLarge(): ProtocolError {
  return new ProtocolError('message-too-large', 'An upload probe may be 1 MiB at most.');
}
