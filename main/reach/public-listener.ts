import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { explainListenError } from '../rendezvous/listen-error.ts';
import type { TlsPair } from './certificate.ts';

/** A second door to the same routes: https, for people on other devices. */
export interface PublicListener {
  readonly port: number;
  /** From now on new connections get this certificate; open ones keep theirs. */
  serveWith(pair: TlsPair): void;
  /** Stops listening and cuts the connections that came through this door, and no others. */
  close(): Promise<void>;
}

/**
 * Opens the door. Requests and upgrades go into the app's own routing, so that every guard, limit
 * and handler is the same as on loopback. Plain HTTP gets no answer here: a page without TLS
 * would have no camera. Throws a `ListenError` when it can't listen.
 *
 * @param app ready, e.g. listening on loopback.
 * @param host one address to listen on; without it, all of both families.
 * @param port 0 for any free one.
 * @param portFlag what chooses the port on the command line.
 */
export async function openPublicListener(
  app: FastifyInstance,
  options: { host?: string | undefined; port: number; certificate: TlsPair; portFlag: string },
): Promise<PublicListener> {
  const connections = new Set<Socket>();
  const server = createServer({ ...options.certificate, minVersion: 'TLSv1.2' }, (request, reply) =>
    app.routing(request, reply),
  );
  server.on('upgrade', (request, socket, head) => {
    app.server.emit('upgrade', request, socket, head);
  });
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  // Strangers' broken handshakes are no trouble of ours.
  server.on('tlsClientError', (err, socket) => {
    app.log.debug({ err }, 'a TLS handshake failed');
    socket.destroy();
  });
  const { host, port, portFlag } = options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explainListenError(error, port, portFlag)));
    server.listen({ port, ...(host !== undefined && { host }) }, resolve);
  });
  server.on('error', (err) => app.log.error({ err }, 'the listener for other devices failed'));

  return {
    port: (server.address() as AddressInfo).port,
    serveWith: (pair) => server.setSecureContext({ ...pair, minVersion: 'TLSv1.2' }),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        for (const socket of connections) socket.destroy();
      }),
  };
}
