import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes one uploaded file; `body` throws when the upload is cut off. */
export type ReceiveFile = (name: string, body: AsyncIterable<Uint8Array>) => Promise<void>;

/**
 * Where ffmpeg uploads what it makes, so that plain media never touches the disk: an HTTP server
 * on the loopback, for one run of ffmpeg, under a path that nobody else knows.
 *
 * ffmpeg does not look at the answers (measured: with every PUT answered 500 it exits with 0), so
 * a failed upload is reported through `onFailure`.
 */
export class PutSink {
  readonly #server: Server;
  readonly #path: string;
  readonly #uploads = new Set<Promise<void>>();

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.#path = path;
  }

  static async open(receive: ReceiveFile, onFailure: (error: unknown) => void): Promise<PutSink> {
    const server = createServer();
    // ffmpeg hangs up as soon as it has sent the last byte. Without this, Node takes that for an
    // aborted request and throws away what has arrived of it and was not read yet
    // (lib/_http_server.js, socketOnEnd).
    Object.assign(server, { httpAllowHalfOpen: true });
    const sink = new PutSink(server, `/${randomBytes(32).toString('base64url')}/`);
    server.on('request', (request, response) => {
      const upload = sink
        .#take(request, response, receive)
        .catch(onFailure)
        .finally(() => sink.#uploads.delete(upload));
      sink.#uploads.add(upload);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return sink;
  }

  /** Files are put under this address; it ends with a slash. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#path}`;
  }

  /** Resolves when every upload that has begun is stored or has failed. */
  async settled(): Promise<void> {
    while (this.#uploads.size > 0) await Promise.all(this.#uploads);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    await this.settled();
  }

  async #take(request: IncomingMessage, response: ServerResponse, receive: ReceiveFile) {
    const name = request.url?.startsWith(this.#path) && request.url.slice(this.#path.length);
    if (request.method !== 'PUT' || !name || !/^[a-z0-9-]+\.[a-z0-9]+$/.test(name)) {
      request.resume();
      response.writeHead(404).end();
      return;
    }
    try {
      await receive(name, request);
    } catch (error) {
      response.writeHead(500).end();
      throw error;
    }
    response.writeHead(201).end();
  }
}
