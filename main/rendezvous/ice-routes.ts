import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { IceServer } from '../../protocol/rooms.ts';
import type { Access, Caller } from './access.ts';

/**
 * `GET /api/signaling/ice-servers`: what a room would be joined with, so that a page can check
 * STUN and TURN before anybody waits for it. TURN credentials cost the host bandwidth, so they are
 * for those with a session alone.
 */
export function iceRoutes(options: {
  access: Access;
  /** The servers for this caller; credentials may be made for each call. */
  iceServers: (caller: Caller) => readonly IceServer[];
}): FastifyPluginAsync {
  return async (instance) => {
    instance.withTypeProvider<ZodTypeProvider>().get(
      '/api/signaling/ice-servers',
      {
        schema: {
          summary: 'STUN and TURN servers of this node, for a check before joining',
          tags: ['rooms'],
          response: { 200: z.object({ iceServers: z.array(IceServer) }) },
        },
      },
      async (request, reply) => {
        const caller = await options.access.requireCaller(request);
        reply.header('cache-control', 'no-store');
        return { iceServers: [...options.iceServers(caller)] };
      },
    );
  };
}
