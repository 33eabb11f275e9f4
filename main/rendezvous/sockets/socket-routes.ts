import type { Duplex } from 'node:stream';
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import type { RawData } from 'ws';
import { CLOSE } from '../../../protocol/close-codes.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { MAX_MESSAGE_BYTES, MESSAGE_RATE } from '../../../protocol/messages.ts';
import type { Clock } from '../../clock.ts';
import { Connection } from './connection.ts';
import type { MessageRouter } from './message-router.ts';
import { SerialInbox } from './serial-inbox.ts';
import type { SocketHub } from './socket-hub.ts';

/**
 * Past this a frame is not even taken in, and the socket closes (1009). Between the protocol's
 * limit and this one, the client still hears `message-too-large` and may go on.
 */
const MAX_FRAME_BYTES = 4 * MAX_MESSAGE_BYTES;

/** Frames that may wait while one of the socket's messages is being handled: a full budget. */
const MAX_WAITING = MESSAGE_RATE.messages + MESSAGE_RATE.candidates;

/** How long clients may take to answer the close when the node stops. */
const CLOSE_WITHIN_MS = 500;

/**
 * Lets Fastify take WebSocket upgrades. Before all other hooks: the socket of an upgrade that one
 * of them refuses is only closed when this one has seen the request.
 */
export async function takeUpgrades(app: FastifyInstance): Promise<void> {
  const upgrades = new Set<Duplex>();
  app.server.on('upgrade', (_request, socket: Duplex) => {
    upgrades.add(socket);
    socket.once('close', () => upgrades.delete(socket));
  });
  await app.register(websocket, {
    options: { maxPayload: MAX_FRAME_BYTES },
    preClose(done) {
      for (const client of app.websocketServer.clients) {
        client.close(CLOSE.goingAway, 'the node stops');
      }
      // A client that sleeps does not answer the close; the node does not wait for it.
      setTimeout(() => {
        for (const socket of upgrades) socket.destroy();
      }, CLOSE_WITHIN_MS);
      done();
    },
  });
}

/** `/ws`, after {@link takeUpgrades}. */
export async function socketRoutes(
  app: FastifyInstance,
  options: {
    hub: SocketHub;
    router: MessageRouter;
    clock: Clock;
    refused?: (code: ErrorCode) => void;
    /** Told of each socket that has closed. */
    closed?: (connection: Connection) => void;
  },
): Promise<void> {
  const { hub, router, clock, refused, closed } = options;
  await app.register(async (instance) => {
    instance.get('/ws', { websocket: true }, (socket, request) => {
      const connection = new Connection(socket, clock(), refused);
      const inbox = new SerialInbox<{ data: Buffer; isBinary: boolean }>(
        (frame) => (connection.isOpen ? router.receive(connection, frame) : undefined),
        MAX_WAITING,
      );
      hub.add(connection);
      socket.on('message', (data, isBinary) => {
        if (inbox.put({ data: bytesOf(data), isBinary })) return;
        connection.close(CLOSE.overloaded, 'too many messages at once');
      });
      socket.on('close', () => {
        inbox.clear();
        hub.remove(connection);
        closed?.(connection);
      });
      socket.on('error', (err) => request.log.debug({ err }, 'a socket broke'));
    });
  });
}

/** A message in one piece, however `ws` has it. */
export function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
