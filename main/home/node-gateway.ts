import type { AddressInfo, Socket } from 'node:net';
import cors from '@fastify/cors';
import httpProxy from '@fastify/http-proxy';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { ProtocolError } from '../../protocol/errors.ts';
import { INVITATION_HEADER } from '../../protocol/rooms.ts';
import { sendProblem } from '../rendezvous/problem-details.ts';
import { problemOf } from './node-problem.ts';

/** How long a node has to take a connection, and to begin its answer. */
const CONNECT_MS = 6_000;
const ANSWER_MS = 15_000;

/** What a window needs of a node. Its pages are not among it: they have no business here. */
const PASSED_ON = /^\/(api\/|replays\/|ws$|ws\?|tracker$|\.well-known\/jwks\.json$|healthz($|\?))/;

/** What is between the window and this program. */
const KEPT_BACK = ['origin', 'referer', 'x-forwarded-host', 'x-forwarded-for'];

export interface NodeGatewayOptions {
  /** The node, e.g. `https://rooms.example`. */
  origin: string;
  /** PEM of the only certificate to accept; without it this computer's authorities decide. */
  certificate: string | undefined;
  /** Origins of the studio's own window. */
  uiOrigins: readonly string[];
  /** How long the node has to begin its answer, in ms: more for who sends it megabytes. */
  answerMs?: number;
}

/** The way from this studio's window to one other node. */
export interface NodeGateway {
  /** e.g. `http://127.0.0.1:41300` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens a way for the studio's window to another node, on 127.0.0.1. The window's policy then
 * names this one origin, the node need not know the window's, and a certificate that the node made
 * itself is checked here, by what the invitation said or the person confirmed. What can't be
 * passed on is answered with `node-unreachable` or `node-untrusted`.
 */
export async function openNodeGateway(options: NodeGatewayOptions): Promise<NodeGateway> {
  const { origin, certificate, uiOrigins } = options;
  const app = Fastify();
  let host = '';
  app.addHook('onRequest', async (request) => {
    guard(request, host, uiOrigins);
    // Cookies know no ports: these are other programs' on this computer.
    delete request.headers.cookie;
  });
  app.setErrorHandler((error, _request, reply) => answer(reply, error, origin));
  await app.register(cors, {
    origin: [...uiOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'range', 'if-none-match', INVITATION_HEADER],
    exposedHeaders: ['content-range', 'accept-ranges', 'etag', 'retry-after'],
    maxAge: 600,
  });
  // Trusts exactly one certificate, whatever names it bears: it was compared by its fingerprint.
  const pinned = certificate !== undefined;
  await app.register(httpProxy, {
    upstream: origin,
    httpMethods: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST'],
    disableRequestLogging: true,
    retryMethods: [],
    undici: {
      connect: {
        timeout: CONNECT_MS,
        // Said outright: @fastify/reply-from switches it off by default.
        rejectUnauthorized: true,
        ...(pinned && { ca: certificate, checkServerIdentity: () => undefined }),
      },
      headersTimeout: options.answerMs ?? ANSWER_MS,
    },
    websocket: true,
    wsClientOptions: {
      handshakeTimeout: CONNECT_MS,
      // Node takes anything falsy for "it is the one"; the type of `ws` says boolean.
      ...(pinned && { ca: certificate, checkServerIdentity: () => false }),
    },
    replyOptions: {
      rewriteRequestHeaders: (_request, headers) => without(headers, KEPT_BACK),
      rewriteHeaders: (headers) => without(headers, ['set-cookie']),
      onError: (reply, { error }) => {
        answer(reply as FastifyReply, error, origin);
      },
    },
  });
  const connections = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  host = `127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    async close() {
      // A page that answers no close frame would hold the stop up for as long as `ws` waits for it.
      for (const socket of connections) socket.destroy();
      await app.close();
    },
  };
}

/** Throws `origin-refused` for what another site's page does here (see the bridge's guard). */
function guard({ headers, url }: FastifyRequest, host: string, uiOrigins: readonly string[]): void {
  const foreign = headers.origin !== undefined && !uiOrigins.includes(headers.origin);
  if (headers.host !== host || foreign) {
    throw new ProtocolError('origin-refused', 'Only the studio’s own window may use this address.');
  }
  if (!PASSED_ON.test(url)) {
    throw new ProtocolError('not-found', 'There is nothing at this address.');
  }
}

function without<T extends object>(headers: T, names: readonly string[]): T {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())),
  ) as T;
}

function answer(reply: FastifyReply, error: unknown, origin: string): FastifyReply {
  return sendProblem(reply, error instanceof ProtocolError ? error : problemOf(origin, error));
}
