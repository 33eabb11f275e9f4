import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Jwks } from '../../protocol/identity.ts';
import { NodeInfo } from '../../protocol/node.ts';

/** What a node says of itself to anybody: its name, keys, health, metrics and interface. */
export function nodeRoutes(options: {
  nodeInfo: NodeInfo;
  jwks: () => Jwks;
  /** Prometheus text; without it there is no `/metrics`. */
  metrics: (() => Promise<string>) | undefined;
  /** Answers a nonce, so that the node can recognise itself at an address. */
  proofOf: ((nonce: string) => string) | undefined;
}): FastifyPluginAsync {
  const tags = ['node'];

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.get(
      '/api/node',
      { schema: { summary: 'What this node is', tags, response: { 200: NodeInfo } } },
      async () => options.nodeInfo,
    );

    app.get(
      '/.well-known/jwks.json',
      { schema: { summary: 'The keys this node signs with', tags, response: { 200: Jwks } } },
      async () => options.jwks(),
    );

    app.get(
      '/healthz',
      {
        schema: {
          summary: 'Whether the node answers',
          tags,
          querystring: z.object({ nonce: z.string().max(64).optional() }),
          response: { 200: z.object({ status: z.literal('ok'), proof: z.string().optional() }) },
        },
      },
      async ({ query }) => {
        const proof = query.nonce === undefined ? undefined : options.proofOf?.(query.nonce);
        return { status: 'ok' as const, ...(proof !== undefined && { proof }) };
      },
    );

    app.get(
      '/api/openapi.json',
      { schema: { summary: 'This document', tags, response: { 200: z.looseObject({}) } } },
      async () => ({ ...app.swagger() }),
    );

    const { metrics } = options;
    if (metrics) {
      app.get(
        '/metrics',
        { schema: { summary: 'Prometheus metrics', tags } },
        async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await metrics()),
      );
    }
  };
}
