import type { FastifyPluginAsync } from 'fastify';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { IceServer } from '../../../protocol/rooms.ts';
import type { Clock } from '../../clock.ts';
import type { TokenIssuer } from '../../identity/token-issuer.ts';
import type { ReplayAccess } from '../replay-access.ts';
import { SwarmTickets } from './swarm-tickets.ts';
import { SwarmTracker } from './swarm-tracker.ts';
import { trackerRoutes } from './tracker-routes.ts';

/** The tracker of a node that keeps recordings: its routes, and how much it has to do. */
export function openTracker(options: {
  tokens: TokenIssuer;
  replayAccess: ReplayAccess;
  clock: Clock;
  stunServers: () => readonly IceServer[];
  refused?: (code: ErrorCode) => void;
}): { routes: FastifyPluginAsync; figures: SwarmTracker['figures'] } {
  const { tokens, stunServers, ...rest } = options;
  const tracker = new SwarmTracker();
  return {
    routes: trackerRoutes({
      ...rest,
      tracker,
      tickets: new SwarmTickets({ tokens, stunServers }),
    }),
    figures: () => tracker.figures(),
  };
}
