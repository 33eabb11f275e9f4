import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { CLOSE } from '../../../protocol/close-codes.ts';
import { type ErrorCode, ProtocolError } from '../../../protocol/errors.ts';
import { RecordingId } from '../../../protocol/recordings.ts';
import { SwarmTicket, SwarmTicketRequest } from '../../../protocol/swarm.ts';
import type { Clock } from '../../clock.ts';
import type { ViewerClaims } from '../../identity/token-claims.ts';
import { SerialInbox } from '../../rendezvous/sockets/serial-inbox.ts';
import { bytesOf } from '../../rendezvous/sockets/socket-routes.ts';
import type { ReplayAccess, ReplayCaller } from '../replay-access.ts';
import { readTrackerMessage } from './read-tracker-message.ts';
import type { SwarmTickets } from './swarm-tickets.ts';
import { failure, type SwarmTracker } from './swarm-tracker.ts';
import { MAX_WAITING, ViewerSocket } from './viewer-socket.ts';

/** How often rights, tickets and silence are looked at. */
const SWEEP_MS = 1_000;

export interface TrackerRoutesOptions {
  tracker: SwarmTracker;
  tickets: SwarmTickets;
  replayAccess: ReplayAccess;
  clock: Clock;
  /** Told of each refusal on the socket. */
  refused?: (code: ErrorCode) => void;
}

/**
 * `POST /replays/{recordingId}/swarm`, a ticket for who may see the recording, and `/tracker`, where
 * viewers with one find each other. Rights are asked again at each announce and every second: who
 * lost them is dropped, and their peers are told.
 */
export function trackerRoutes(options: TrackerRoutesOptions): FastifyPluginAsync {
  const { tracker, tickets, replayAccess, clock, refused } = options;

  /** Asks for the audience once, however many viewers are judged by it. */
  function judgeOf(recordingId: string): (claims: ViewerClaims) => ProtocolError | undefined {
    const judge = replayAccess.judge(recordingId);
    return (claims) => refusalOf(() => judge(viewerOf(claims)));
  }

  async function handle(socket: ViewerSocket, frame: Buffer): Promise<void> {
    try {
      if (!socket.mayAsk(clock())) {
        throw new ProtocolError('rate-limited', 'Too many messages. Wait a few seconds.');
      }
      const message = readTrackerMessage(frame);
      if ('answer' in message) return tracker.answer(socket, message, clock());
      const claims = await tickets.verify(message.token);
      replayAccess.judge(claims.rec)(viewerOf(claims));
      if (socket.isOpen) tracker.announce(socket, message, claims, clock());
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      refused?.(error.code);
      socket.send(failure(error));
      if (socket.refusals.take(clock())) return;
      socket.close(CLOSE.overloaded, 'too many refusals');
    }
  }

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();
    const sockets = new Set<ViewerSocket>();

    app.post(
      '/replays/:recordingId/swarm',
      {
        schema: {
          summary: 'A ticket to exchange segments with other viewers (5 minutes)',
          tags: ['replays'],
          params: z.object({ recordingId: RecordingId }),
          body: SwarmTicketRequest,
          response: { 200: SwarmTicket },
        },
      },
      async (request, reply) => {
        const { recordingId } = request.params;
        const { caller } = await replayAccess.require(request, recordingId);
        reply.header('cache-control', 'no-store');
        return tickets.issue(recordingId, caller, request.body.token);
      },
    );

    app.get('/tracker', { websocket: true }, (raw: WebSocket, request: FastifyRequest) => {
      const socket = new ViewerSocket(raw, request.ip, clock());
      sockets.add(socket);
      const inbox = new SerialInbox<Buffer>(
        (frame) =>
          handle(socket, frame).catch((err: unknown) => {
            request.log.error({ err }, 'a tracker message failed');
            socket.close(CLOSE.internal, 'something went wrong');
          }),
        MAX_WAITING,
      );
      raw.on('message', (data) => {
        if (socket.isOpen && !inbox.put(bytesOf(data))) {
          socket.close(CLOSE.overloaded, 'too many messages at once');
        }
      });
      raw.on('close', () => {
        inbox.clear();
        sockets.delete(socket);
        tracker.leave(socket);
      });
      raw.on('error', (err) => request.log.debug({ err }, 'a viewer’s socket broke'));
    });

    const timer = setInterval(() => {
      tracker.sweep(clock(), judgeOf);
      for (const socket of sockets) {
        if (tracker.isMember(socket)) socket.wasMember(clock());
        else if (socket.isIdle(clock())) socket.close(CLOSE.unauthenticated, 'in no swarm');
      }
    }, SWEEP_MS);
    timer.unref();
    app.addHook('onClose', async () => clearInterval(timer));
  };
}

function viewerOf({ sub, guest }: ViewerClaims): ReplayCaller {
  return sub === undefined ? undefined : { userId: sub, guest };
}

function refusalOf(work: () => unknown): ProtocolError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}
