import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_SLICE_BYTES } from '../../../preload/contract.ts';
import type { Bridge } from '../../../renderer/bridge/bridge.ts';
import {
  type BridgeStudio,
  openWindow,
  RECORDING_ID,
  ROOM_ID,
  startBridgeStudio,
} from './bridge-studio.ts';

describe('calls over the bridge', () => {
  let studio: BridgeStudio;
  let bridge: Bridge;
  let sentBytes: () => number;

  beforeEach(async () => {
    studio = await startBridgeStudio();
    ({ bridge, sentBytes } = await openWindow(studio));
  });
  afterEach(async () => {
    await studio.close();
    vi.unstubAllGlobals();
  });

  it('answer with what the studio says, leaving out what it does not know', async () => {
    const info = await bridge.call('studio.info', undefined);
    expect(info).toMatchObject({ version: '1.2.3', host: 'browser' });
    expect(info).not.toHaveProperty('ffmpegPath');
  });

  it('carry a slice as bytes, hardly larger than it is', async () => {
    const bytes = new Uint8Array(randomBytes(512 * 1024));
    await bridge.call('recording.append', { recordingId: RECORDING_ID, seq: 7, bytes });
    expect(studio.slices).toHaveLength(1);
    expect(studio.slices[0]?.seq).toBe(7);
    expect(Buffer.compare(studio.slices[0]?.bytes ?? new Uint8Array(), bytes)).toBe(0);
    expect(sentBytes()).toBeLessThan(bytes.length + 256);
  });

  it('arrive in the order they were made, however many are under way', async () => {
    const slices = Array.from({ length: 50 }, (_, seq) => ({
      recordingId: RECORDING_ID,
      seq,
      bytes: new Uint8Array(randomBytes(1 + (seq % 7) * 1000)),
    }));
    await Promise.all(slices.map((slice) => bridge.call('recording.append', slice)));
    expect(studio.slices.map((slice) => slice.seq)).toEqual(slices.map((slice) => slice.seq));
  });

  it('are refused by the field that is wrong', async () => {
    await expect(
      bridge.call('recording.append', {
        recordingId: 'nonsense',
        seq: -1,
        bytes: new Uint8Array(1),
      }),
    ).rejects.toMatchObject({
      name: 'ProtocolError',
      code: 'validation-failed',
      fields: [{ path: 'recordingId' }, { path: 'seq' }],
    });
    expect(studio.slices).toEqual([]);
  });

  it('are refused when a slice is empty or over the limit', async () => {
    for (const size of [0, MAX_SLICE_BYTES + 1]) {
      const slice = { recordingId: RECORDING_ID, seq: 0, bytes: new Uint8Array(size) };
      await expect(bridge.call('recording.append', slice)).rejects.toMatchObject({
        code: 'validation-failed',
        fields: [{ path: 'bytes' }],
      });
    }
    expect(studio.slices).toEqual([]);
  });

  it('are refused when the message is huge, and the bridge goes on', async () => {
    const bytes = new Uint8Array(MAX_SLICE_BYTES + 1024 * 1024);
    await expect(
      bridge.call('recording.append', { recordingId: RECORDING_ID, seq: 0, bytes }),
    ).rejects.toMatchObject({ name: 'ProtocolError', code: 'message-too-large' });
    expect(studio.slices).toEqual([]);
    await expect(bridge.call('identity.profile', undefined)).resolves.toMatchObject({
      handle: 'sam',
    });
  });

  it('are refused when the contract has no such method', async () => {
    for (const method of ['studio.shutdown', 'constructor', '__proto__', 'toString']) {
      await expect(bridge.call(method as 'studio.info', undefined)).rejects.toMatchObject({
        code: 'unknown-method',
      });
    }
  });

  it('pass a refusal on with its code, sentence and field', async () => {
    await expect(
      bridge.call('identity.update', { handle: 'taken', displayName: 'Sam' }),
    ).rejects.toMatchObject({
      name: 'ProtocolError',
      code: 'handle-taken',
      message: 'Choose another handle.',
      fields: [{ path: 'handle', message: 'is taken' }],
    });
  });

  it('tell nothing of an unexpected error but where the log has it', async () => {
    const error: unknown = await bridge
      .call('recording.fail', { recordingId: RECORDING_ID, reason: 'no reason' })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'ProtocolError', code: 'internal' });
    const { message } = error as Error;
    expect(message).not.toContain('secret-place');
    const reference = /ref_[0-9a-f]+/.exec(message)?.[0] ?? 'none';
    const logged = studio.log.find((line) => line.includes(reference));
    expect(logged).toContain('disk at /home/sam/secret-place is broken');
  });

  it('reach the window with each event of the studio', async () => {
    const heard = new Promise((resolve) => bridge.on('recording.progress', resolve));
    const progress = { recordingId: RECORDING_ID, writtenBytes: 10, durationMs: 500 };
    studio.events.emit('recording.progress', progress);
    await expect(heard).resolves.toEqual(progress);
  });

  it('keep a link that opened the app until the page listens for it', async () => {
    studio.events.emit('studio.openPath', { path: `/join/${ROOM_ID}` });
    await bridge.call('studio.info', undefined);
    const heard = new Promise((resolve) => bridge.on('studio.openPath', resolve));
    await expect(heard).resolves.toEqual({ path: `/join/${ROOM_ID}` });
  });
});
