import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frameTimes, probe, recorderStream, slicesOf } from './media.ts';
import { room, WEBM } from './recorded-room.ts';
import { openRecordings } from './studio-fixture.ts';

/** Records these streams one after the other, as a recorder that began anew for each. */
async function recordTakes(streams: readonly Buffer[]) {
  const fixture = await openRecordings();
  const { recordings, folderOf } = fixture;
  const { recordingId } = await recordings.start(room({ visibility: 'public' }), WEBM);
  const slices = streams.flatMap((stream) => slicesOf(stream));
  for (const [seq, slice] of slices.entries()) await recordings.append(recordingId, seq, slice);
  const status = await recordings.stop(recordingId);
  return { ...fixture, recordingId, status, playlist: join(folderOf(recordingId), 'index.m3u8') };
}

/** The longest time between two frames of a stream, in ms. */
async function longestGapMs(file: string, stream: 'v:0' | 'a:0'): Promise<number> {
  const times = await frameTimes(file, stream);
  return Math.max(...times.slice(1).map((timeS, i) => (timeS - (times[i] ?? 0)) * 1000));
}

describe('a recording of several takes', () => {
  it('is one replay without a gap, picture and sound together', async () => {
    const { status, playlist } = await recordTakes([
      await recorderStream(5),
      await recorderStream(3),
      await recorderStream(4),
    ]);
    expect(status.state).toBe('ready');
    expect(status.durationMs / 1000).toBeCloseTo(12, 0);
    const probed = await probe(playlist);
    expect(probed).toMatchObject({ clean: true, codecs: ['h264', 'opus'] });
    expect(probed.durationS).toBeCloseTo(12, 0);
    expect(await longestGapMs(playlist, 'v:0')).toBeLessThan(100);
    expect(await longestGapMs(playlist, 'a:0')).toBeLessThan(100);
  });

  it('leaves out what a recorder that broke had begun to write', async () => {
    const whole = await recorderStream(4);
    const { playlist } = await recordTakes([
      whole.subarray(0, Math.floor(whole.length / 2)),
      await recorderStream(2),
    ]);
    const probed = await probe(playlist);
    expect(probed.clean).toBe(true);
    expect(probed.durationS).toBeGreaterThan(3);
    expect(await longestGapMs(playlist, 'v:0')).toBeLessThan(100);
  });
});
