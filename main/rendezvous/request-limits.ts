import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProtocolError } from '../../protocol/errors.ts';

/** Requests an address may make in a minute, by what they cost. */
export interface RequestLimits {
  /** Challenges and sessions: each costs a signature check. */
  sessions: number;
  /** Everything else that changes something. */
  writes: number;
  /** Sockets opened. */
  sockets: number;
}

/** Behind one address there may be a household or an office, but not a thousand people. */
export const NETWORK_LIMITS: RequestLimits = { sessions: 60, writes: 300, sockets: 60 };

/** On this machine everybody shares one address, test rigs with dozens of browsers included. */
export const LOOPBACK_LIMITS: RequestLimits = { sessions: 1200, writes: 3000, sockets: 1200 };

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** Whether this is an address of this machine's own. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/** Limits what each address may do; reading is not limited. Refuses with `rate-limited`. */
export async function limitRequests(
  app: FastifyInstance,
  limits: { network: RequestLimits; loopback: RequestLimits },
): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    timeWindow: 60_000,
    cache: 10_000,
    allowList: (request) => costOf(request) === undefined,
    keyGenerator: (request) => `${costOf(request)} ${request.ip}`,
    max: (request) => {
      const cost = costOf(request) ?? 'writes';
      return (isLoopback(request.ip) ? limits.loopback : limits.network)[cost];
    },
    errorResponseBuilder: (_request, context) =>
      new ProtocolError(
        'rate-limited',
        `Too many requests from this address. Try again in ${context.after}.`,
      ),
  });
}

function costOf(request: FastifyRequest): keyof RequestLimits | undefined {
  if (request.url.startsWith('/api/session')) return 'sessions';
  if (request.headers.upgrade !== undefined) return 'sockets';
  return request.method === 'GET' || request.method === 'HEAD' ? undefined : 'writes';
}
