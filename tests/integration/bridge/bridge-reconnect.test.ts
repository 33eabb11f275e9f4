import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type BridgeStudio, openWindow, RECORDING_ID, startBridgeStudio } from './bridge-studio.ts';

describe('a bridge whose socket breaks', () => {
  let studio: BridgeStudio;

  beforeEach(async () => {
    studio = await startBridgeStudio();
  });
  afterEach(async () => {
    await studio.close();
    vi.unstubAllGlobals();
  });

  it('comes back by itself, and a slice under way arrives', async () => {
    const { bridge, sockets } = await openWindow(studio);
    const slice = { recordingId: RECORDING_ID, seq: 0, bytes: new Uint8Array([1, 2, 3]) };
    sockets[0]?.terminate();
    await expect(bridge.call('recording.append', slice)).resolves.toEqual({ seq: 0 });
    expect(studio.slices.map(({ seq }) => seq)).toEqual([0]);
    expect(sockets).toHaveLength(2);
  });

  it('does not make a call twice that might do something twice', async () => {
    const { bridge, sockets } = await openWindow(studio);
    const stopping = bridge.call('recording.stop', { recordingId: RECORDING_ID });
    sockets[0]?.terminate();
    await expect(stopping).rejects.toMatchObject({ code: 'bridge-closed' });
    await expect(bridge.call('identity.profile', undefined)).resolves.toMatchObject({
      handle: 'sam',
    });
  });

  it('hears events again after it came back, each once', async () => {
    const { bridge, sockets } = await openWindow(studio);
    const heard: string[] = [];
    bridge.on('studio.openPath', ({ path }) => heard.push(path));
    sockets[0]?.terminate();
    await bridge.call('studio.info', undefined);
    studio.events.emit('studio.openPath', { path: '/a' });
    await bridge.call('studio.info', undefined);
    expect(heard).toEqual(['/a']);
  });

  it('tells the page when the studio stops, and refuses further calls', async () => {
    const { bridge, sockets } = await openWindow(studio);
    const closed = new Promise((resolve) => bridge.onClose(resolve));
    await studio.server.close();
    expect(await closed).toBe('stopped');
    await expect(bridge.call('studio.info', undefined)).rejects.toMatchObject({
      name: 'BridgeFailure',
      code: 'bridge-closed',
    });
    expect(sockets).toHaveLength(1);
  });

  it('takes the port it had before when that is free, any other when it is not', async () => {
    const { startBridgeServer } = await import('../../../main/hosts/browser/bridge-server.ts');
    const { uiDir, logger, server, returns } = studio;
    const taking = (preferredPort: number) =>
      startBridgeServer({ uiDir, preferredPort, returns, logger });
    const second = await taking(server.port);
    expect(second.port).not.toBe(server.port);
    await second.close();
    const third = await taking(second.port);
    expect(third.port).toBe(second.port);
    await third.close();
  });

  it('is closed by the studio, not left to time out', async () => {
    const { sockets } = await openWindow(studio);
    const socket = sockets[0];
    if (!socket) throw new Error('no socket was opened');
    const closed = once(socket, 'close');
    await studio.server.close();
    expect((await closed)[0]).toBe(4410);
  });
});
