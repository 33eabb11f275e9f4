import { once } from 'node:events';
import { join } from 'node:path';
import { decode, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { startBridgeServer } from '../../../main/hosts/browser/bridge-server.ts';
import { RETURN_MS, WindowReturn } from '../../../main/hosts/browser/window-return.ts';
import { SecretFiles } from '../../../main/hosts/secret-files.ts';
import {
  BRIDGE_CLOSE,
  BRIDGE_PROTOCOL,
  RETURN_PROTOCOL_PREFIX,
  WINDOW_PROTOCOL_PREFIX,
} from '../../../preload/wire.ts';
import { type BridgeStudio, openWindow, servedStudio, startBridgeStudio } from './bridge-studio.ts';

let studio: BridgeStudio;
let nowMs = Date.now();

beforeEach(async () => {
  studio = await startBridgeStudio();
  nowMs = Date.now();
});
afterEach(async () => {
  await studio.close();
  vi.unstubAllGlobals();
});

/** The next start on the same data folder and port. */
async function startAgain(origin = studio.server.origin) {
  const files = new SecretFiles(join(studio.uiDir, 'secrets'), () => undefined);
  const returns = await WindowReturn.open(files, () => nowMs);
  const { uiDir, logger } = studio;
  const preferredPort = Number(new URL(origin).port);
  const server = await startBridgeServer({ uiDir, preferredPort, returns, logger });
  server.attach(servedStudio(studio.events));
  const { close: closeFormer } = studio;
  const close = async () => {
    await server.close();
    await closeFormer();
  };
  studio = { ...studio, server, returns, close };
  expect(server.origin).toBe(origin);
  return { server, returns };
}

/** Nobody is told that this studio stops: its sockets are just gone. */
async function crash(sockets: readonly WebSocket[]) {
  const closing = studio.server.close();
  for (const socket of sockets) socket.terminate();
  await closing;
}

describe('a window that was open when the studio crashed', () => {
  it('is told, and goes on by itself with the next start', async () => {
    const { bridge, sockets, pass } = await openWindow(studio);
    const { secret } = pass;
    const restarted = new Promise<void>((resolve) => bridge.onRestart(resolve));
    await crash(sockets);
    const { server, returns } = await startAgain();
    await restarted;
    await expect(bridge.call('identity.profile', undefined)).resolves.toMatchObject({
      handle: 'sam',
    });
    await returns.first;
    expect(pass.secret).not.toBe(secret);
    expect(server.studioUrl).toContain(pass.secret);
  });

  it('has its calls fail soon, and says that the studio is away', async () => {
    const { bridge, sockets } = await openWindow(studio);
    const told = new Promise((resolve) => bridge.onAway(resolve));
    await crash(sockets);
    await expect(bridge.call('studio.info', undefined)).rejects.toMatchObject({
      code: 'bridge-closed',
    });
    expect(await told).toBe(true);
    const back = new Promise((resolve) => bridge.onAway(resolve));
    await startAgain();
    expect(await back).toBe(false);
    await expect(bridge.call('studio.info', undefined)).resolves.toMatchObject({ host: 'browser' });
  });

  it('hears the events of the next start', async () => {
    const { bridge, sockets } = await openWindow(studio);
    const restarted = new Promise<void>((resolve) => bridge.onRestart(resolve));
    const heard: string[] = [];
    bridge.on('studio.openPath', ({ path }) => heard.push(path));
    await crash(sockets);
    await startAgain();
    await restarted;
    studio.events.emit('studio.openPath', { path: '/again' });
    await bridge.call('studio.info', undefined);
    expect(heard).toEqual(['/again']);
  });

  it('is refused by a start after an orderly stop', async () => {
    const { bridge, sockets } = await openWindow(studio);
    const ended = new Promise((resolve) => bridge.onClose(resolve));
    await studio.returns.forget();
    await crash(sockets);
    await startAgain();
    expect(await ended).toBe('refused');
  });

  it('is refused once the time for coming back is over', async () => {
    const { bridge, sockets } = await openWindow(studio);
    const ended = new Promise((resolve) => bridge.onClose(resolve));
    await crash(sockets);
    const { returns } = await startAgain();
    nowMs += RETURN_MS;
    expect(returns.isExpected).toBe(false);
    expect(await ended).toBe('refused');
  });
});

describe('who else asks to come back', () => {
  /** A window's handshake, by hand. */
  function ask(windowId = 'window-1', origin = studio.server.origin) {
    const protocols = [
      BRIDGE_PROTOCOL,
      `${RETURN_PROTOCOL_PREFIX}${'n'.repeat(43)}`,
      `${WINDOW_PROTOCOL_PREFIX}${windowId}`,
    ];
    return new WebSocket(studio.socketUrl, protocols, { origin });
  }

  it('is refused without the key, whatever is answered', async () => {
    const { sockets } = await openWindow(studio);
    await crash(sockets);
    await startAgain();
    const socket = ask();
    const [challenge] = (await once(socket, 'message')) as [Buffer];
    const { proof } = decode(challenge) as { proof: string };
    // The studio's own proof is none of a window's.
    socket.send(encode({ proof }));
    expect((await once(socket, 'close'))[0]).toBe(BRIDGE_CLOSE.refused);
  });

  it('is refused by a studio that did not crash, before anything is proved', async () => {
    const socket = ask();
    const messages: unknown[] = [];
    socket.on('message', (data) => messages.push(data));
    expect((await once(socket, 'close'))[0]).toBe(BRIDGE_CLOSE.refused);
    expect(messages).toEqual([]);
  });

  it('is refused from another origin', async () => {
    const socket = ask('window-1', 'https://evil.example');
    socket.on('error', () => undefined);
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(403);
  });
});

it('a window proves nothing to another program that has taken the studio’s port', async () => {
  const { sockets, bridge } = await openWindow(studio);
  let ended = false;
  bridge.onClose(() => {
    ended = true;
  });
  const { port } = studio.server;
  await crash(sockets);
  const said: unknown[] = [];
  const impostor = new WebSocketServer({ host: '127.0.0.1', port });
  const asked = new Promise<void>((resolve) => {
    impostor.on('connection', (socket, request) => {
      socket.on('message', (data) => said.push(data));
      const comesBack = request.headers['sec-websocket-protocol']?.includes(RETURN_PROTOCOL_PREFIX);
      if (!comesBack) return socket.close(BRIDGE_CLOSE.refused);
      socket.send(encode({ studioNonce: 's'.repeat(43), proof: 'p'.repeat(43) }));
      socket.on('close', () => resolve());
    });
  });
  await asked;
  expect(said).toEqual([]);
  expect(ended).toBe(false);
  for (const client of impostor.clients) client.terminate();
  await new Promise((resolve) => impostor.close(resolve));
  const restarted = new Promise<void>((resolve) => bridge.onRestart(resolve));
  await startAgain();
  await restarted;
});
