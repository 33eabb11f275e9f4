import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAX_OPEN_TRACKS } from '../../../main/recording/tracks/track-journals.ts';
import { AppendTrack, MAX_SLICE_BYTES, methods } from '../../../preload/contract.ts';
import { encodeTrackSlice } from '../../../protocol/track-slice.ts';
import { room, WEBM } from './recorded-room.ts';
import { openRecordings } from './studio-fixture.ts';
import { trackOf } from './track-media.ts';

const SLICE = encodeTrackSlice([
  {
    kind: 'frame',
    ...{ keyframe: true, width: 0, height: 0, timestamp: 0, atMs: 1_000_100 },
    data: Buffer.from('a voice that nobody else should hear'),
  },
]);

async function recording() {
  const fixture = await openRecordings();
  const { recordingId } = await fixture.recordings.start(room(), WEBM);
  return { ...fixture, recordingId, tracks: fixture.recordings.tracksOf(recordingId) };
}

describe('separate tracks are refused', () => {
  test('for a recording that does not run', async () => {
    const { recordings, recordingId } = await recording();
    expect(() => recordings.tracksOf('rec_0123456789abcdef')).toThrow('not running');
    await recordings.stop(recordingId);
    expect(() => recordings.tracksOf(recordingId)).toThrow('not running');
  });

  test('for a track that was not begun, or has ended', async () => {
    const { tracks } = await recording();
    const track = trackOf();
    const unknown = { code: 'recording-not-found' };
    await expect(tracks.append(track.trackId, 0, SLICE)).rejects.toMatchObject(unknown);
    await tracks.begin(track);
    await tracks.end(track.trackId);
    await expect(tracks.append(track.trackId, 0, SLICE)).rejects.toMatchObject(unknown);
  });

  test('for bytes that are not frames, and for a gap', async () => {
    const { tracks } = await recording();
    const track = trackOf();
    await tracks.begin(track);
    const refused = { code: 'validation-failed' };
    for (const bytes of [SLICE.subarray(0, -1), Buffer.alloc(64), Buffer.from('noise')]) {
      await expect(tracks.append(track.trackId, 0, bytes)).rejects.toMatchObject(refused);
    }
    await expect(tracks.append(track.trackId, 1, SLICE)).rejects.toMatchObject(refused);
    await tracks.append(track.trackId, 0, SLICE);
    await tracks.append(track.trackId, 0, SLICE);
    expect(tracks.writtenBytes).toBe(SLICE.length + JSON.stringify(track).length);
  });

  test('for an id that another track has, and for more tracks than a room can have', async () => {
    const { tracks } = await recording();
    const first = trackOf();
    await tracks.begin(first);
    await tracks.begin(first);
    await expect(tracks.begin({ ...first, name: 'Eve' })).rejects.toMatchObject({
      code: 'validation-failed',
    });
    for (let count = 1; count < MAX_OPEN_TRACKS; count += 1) await tracks.begin(trackOf());
    await expect(tracks.begin(trackOf())).rejects.toMatchObject({ code: 'rate-limited' });
  });

  test('when more comes than the disk takes', async () => {
    const { tracks } = await recording();
    const track = trackOf();
    await tracks.begin(track);
    const frame = { keyframe: true, width: 0, height: 0, timestamp: 0, atMs: 1_000_100 };
    const data = new Uint8Array(6 * 1024 * 1024);
    const large = encodeTrackSlice([{ kind: 'frame', ...frame, data }]);
    const flood = [0, 1, 2, 3].map((seq) => tracks.append(track.trackId, seq, large));
    const outcomes = await Promise.allSettled(flood);
    expect(outcomes.map(({ status }) => status)).toContain('rejected');
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'rate-limited' },
    });
  });

  test('by the contract, where a name leaves its folder or sizes are absurd', () => {
    const { input } = methods['recording.beginTrack'];
    const recordingId = 'rec_0123456789abcdef';
    const track = trackOf();
    expect(input.safeParse({ recordingId, track }).success).toBe(true);
    for (const wrong of [
      { trackId: '../../../etc/passwd' },
      { trackId: 'trk_../../../../etc' },
      { codec: 'pcm' },
      { kind: 'video' as const, codec: 'opus' as const },
      { takeStartedAtMs: Number.NaN },
      { name: 'x'.repeat(100) },
    ]) {
      expect(input.safeParse({ recordingId, track: { ...track, ...wrong } }).success).toBe(false);
    }
    const bytes = new Uint8Array(MAX_SLICE_BYTES + 1);
    const slice = { recordingId, trackId: track.trackId, seq: 0, bytes };
    expect(AppendTrack.safeParse(slice).success).toBe(false);
  });
});

test('a stolen folder shows neither what was said nor by whom', async () => {
  const { tracks, folderOf, recordingId } = await recording();
  const track = trackOf({ name: 'Ada Lovelace' });
  await tracks.begin(track);
  await tracks.append(track.trackId, 0, SLICE);
  const folder = join(folderOf(recordingId), 'tracks');
  const [name = ''] = await readdir(folder);
  const stored = (await readFile(join(folder, name))).toString('latin1');
  expect(stored).not.toContain('voice');
  expect(stored).not.toContain('Ada');
  expect(stored).not.toContain('peer_');
  expect((await stat(folder)).mode & 0o077).toBe(0);
});
