import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Sha256 } from '../../../protocol/encoding.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { RecordingId } from '../../../protocol/recordings.ts';
import {
  MAX_DEPOSIT_BYTES,
  MAX_OBJECT_BYTES,
  MAX_TERMS_BYTES,
  ProofRequest,
  ProofResponse,
  ReplicaDeposit,
  ReplicaOffer,
  ReplicaProgress,
  ReplicaTerms,
} from '../../../protocol/replicas.ts';
import type { Access } from '../../rendezvous/access.ts';
import type { ReplicaKeeper } from './replica-keeper.ts';

/** A segment has some seconds: enough for hours of a recording in a minute. */
const FILES_PER_MINUTE = 6_000;

/**
 * `/api/replicas…`: hosts have copies of their recordings kept here.
 *
 * @param options.takes whether this node takes any; what it has from before is looked after
 */
export function replicaRoutes(options: {
  keeper: ReplicaKeeper;
  takes: boolean;
  access: Access;
}): FastifyPluginAsync {
  const { keeper, takes, access } = options;
  const tags = ['replicas'];
  const params = z.object({ recordingId: RecordingId });

  // Before the body is read: nobody without a right has megabytes taken in.
  const preParsing = async (request: FastifyRequest) => {
    await access.requireCaller(request, 'stream:create');
    if (!takes) {
      throw new ProtocolError('not-volunteering', 'This node keeps no copies for others.');
    }
  };

  return async (instance) => {
    instance.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: MAX_OBJECT_BYTES },
      async (_request: FastifyRequest, body: Buffer) => body,
    );
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/api/replicas',
      {
        schema: {
          summary: 'Whether this node keeps copies of recordings, for whom, and how much it takes',
          tags,
          response: { 200: ReplicaOffer },
        },
      },
      async () => (takes ? keeper.offer() : { volunteers: false as const }),
    );

    app.post(
      '/api/replicas',
      {
        bodyLimit: MAX_DEPOSIT_BYTES,
        preParsing,
        schema: {
          summary: 'Takes on a recording, or goes on with one; answers which files to send (host)',
          tags,
          body: ReplicaDeposit,
          response: { 200: ReplicaProgress },
        },
      },
      async (request) => {
        const { userId } = await access.requireCaller(request, 'stream:create');
        return keeper.deposit(request.body, userId);
      },
    );

    app.get(
      '/api/replicas/:recordingId',
      {
        schema: {
          summary: 'How far a copy is, and which files to send next (host)',
          tags,
          params,
          response: { 200: ReplicaProgress },
        },
      },
      async (request) => {
        const { userId } = await access.requireCaller(request, 'stream:create');
        return keeper.progress(request.params.recordingId, userId);
      },
    );

    app.post(
      '/api/replicas/:recordingId/files/:sha256',
      {
        bodyLimit: MAX_OBJECT_BYTES,
        config: { rateLimit: { max: FILES_PER_MINUTE, timeWindow: 60_000 } },
        preParsing,
        schema: {
          summary: 'Takes a file of a recording, as its manifest has it (host)',
          tags,
          consumes: ['application/octet-stream'],
          params: params.extend({ sha256: Sha256 }),
          response: { 204: z.void() },
        },
      },
      async (request, reply) => {
        const { userId } = await access.requireCaller(request, 'stream:create');
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        await keeper.takeFile(request.params, bytes, userId);
        return reply.code(204).send();
      },
    );

    app.post(
      '/api/replicas/:recordingId/terms',
      {
        bodyLimit: MAX_TERMS_BYTES,
        config: { rateLimit: { max: 600, timeWindow: 60_000 } },
        schema: {
          summary: 'Takes its host’s later word on a copy: how long, for whom, or not any more',
          tags,
          params,
          body: ReplicaTerms,
          response: { 204: z.void() },
        },
      },
      async (request, reply) => {
        // Signed by the host: whoever brings them, they hold.
        await keeper.setTerms(request.params.recordingId, request.body);
        return reply.code(204).send();
      },
    );

    app.post(
      '/api/replicas/:recordingId/proof',
      {
        schema: {
          summary: 'Shows that bytes of a file are here (host)',
          tags,
          params,
          body: ProofRequest,
          response: { 200: ProofResponse },
        },
      },
      async (request) => {
        const { userId } = await access.requireCaller(request, 'stream:create');
        const { recordingId } = request.params;
        return { proof: await keeper.prove(recordingId, request.body, userId) };
      },
    );
  };
}
