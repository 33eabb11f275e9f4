import { once } from 'node:events';
import { request } from 'node:http';
import { encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import {
  BRIDGE_CLOSE,
  BRIDGE_PROTOCOL,
  SECRET_PROTOCOL_PREFIX,
  WINDOW_PROTOCOL_PREFIX,
} from '../../../preload/wire.ts';
import { type BridgeStudio, openWindow, startBridgeStudio } from './bridge-studio.ts';

describe('who may use the bridge', () => {
  let studio: BridgeStudio;

  beforeEach(async () => {
    studio = await startBridgeStudio();
  });
  afterEach(async () => {
    await studio.close();
    vi.unstubAllGlobals();
  });

  function connect(headers: { origin?: string; host?: string }, secret = studio.secret) {
    const { origin, ...others } = headers;
    return new WebSocket(
      studio.socketUrl,
      [BRIDGE_PROTOCOL, `${SECRET_PROTOCOL_PREFIX}${secret}`, `${WINDOW_PROTOCOL_PREFIX}w1`],
      { headers: others, ...(origin !== undefined && { origin }) },
    );
  }

  async function refusedStatus(socket: WebSocket): Promise<number> {
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response');
    socket.terminate();
    return response.statusCode;
  }

  it('a window with an old secret learns that it needs the new address', async () => {
    await expect(openWindow(studio, { secret: 'a'.repeat(43) })).rejects.toMatchObject({
      name: 'BridgeRefused',
      code: 'bridge-refused',
      message: expect.stringContaining('Open the address that the terminal printed'),
    });
  });

  it('a window that names no secret is turned away before anything is served', async () => {
    const socket = new WebSocket(studio.socketUrl, [BRIDGE_PROTOCOL], {
      origin: studio.server.origin,
    });
    const messages: unknown[] = [];
    socket.on('message', (data) => messages.push(data));
    const [code] = await once(socket, 'close');
    expect(code).toBe(BRIDGE_CLOSE.refused);
    expect(messages).toEqual([]);
  });

  it('a page of another site can’t connect, even with the secret', async () => {
    for (const origin of ['https://evil.example', 'http://127.0.0.1:1', 'null']) {
      expect(await refusedStatus(connect({ origin }))).toBe(403);
    }
  });

  it('a program that names no origin can’t connect', async () => {
    expect(await refusedStatus(connect({}))).toBe(403);
  });

  it('a foreign name pointed at this machine can’t connect (DNS rebinding)', async () => {
    const { port, origin } = studio.server;
    const host = `evil.example:${port}`;
    expect(await refusedStatus(connect({ origin, host }))).toBe(403);
    expect(await refusedStatus(connect({ origin: `http://${host}`, host }))).toBe(403);
    expect((await get('/', { host })).status).toBe(403);
  });

  it('a message that is not the bridge’s own ends the connection', async () => {
    const nonsense = [
      'text',
      new Uint8Array([0xc1]),
      encode(null),
      encode({ t: 'q', i: 'x', m: 'studio.info', a: [1, 2] }),
      encode({ t: 's', i: 'x', r: 1 }),
    ];
    for (const message of nonsense) {
      const socket = connect({ origin: studio.server.origin });
      await once(socket, 'message');
      socket.send(message);
      const [code] = await once(socket, 'close');
      expect(code).toBe(BRIDGE_CLOSE.malformed);
    }
  });

  it('the page is marked as the studio’s own and may not be framed, cached or scripted', async () => {
    for (const path of ['/', '/index.html', '/join/room_abcdefghij12']) {
      const page = await get(path, { accept: 'text/html' });
      expect(page.status).toBe(200);
      expect(page.body).toContain('<meta name="swarm-bridge" content="/bridge">');
      expect(page.headers['cache-control']).toBe('no-store');
      const policy = String(page.headers['content-security-policy']);
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      const nodes = 'http://127.0.0.1:41234 http://127.0.0.1:41300';
      expect(policy).toContain(`img-src 'self' data: blob: ${nodes};`);
      expect(policy).toContain(`connect-src 'self' ${nodes} ${nodes.replaceAll('http', 'ws')} ws:`);
    }
  });

  it('the page’s secret is in no answer but the one-time way in', async () => {
    const { pathname } = new URL(studio.server.newOpeningUrl());
    const first = await get(pathname, {});
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe(`/#secret=${studio.secret}`);
    const second = await get(pathname, {});
    expect(second.headers.location).toBe('/');
    expect((await get('/', { accept: 'text/html' })).body).not.toContain(studio.secret);
  });

  it('files are served by their names, and nothing else is', async () => {
    const asset = await get('/assets/app-1a2b.js', {});
    expect(asset.status).toBe(200);
    expect(asset.headers['cache-control']).toContain('immutable');
    expect((await get('/assets/none.js', {})).status).toBe(404);
    expect((await get('/..%2f..%2fetc%2fpasswd', {})).status).toBe(404);
  });

  /** Not `fetch`, which sets Host itself. */
  async function get(path: string, headers: Record<string, string>) {
    const asked = request({ host: '127.0.0.1', port: studio.server.port, path, headers });
    asked.end();
    const [response] = await once(asked, 'response');
    response.setEncoding('utf8');
    let body = '';
    for await (const part of response) body += part;
    return { status: response.statusCode, headers: response.headers, body };
  }
});
