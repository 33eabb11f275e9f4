import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exportForEditing } from '../../../main/recording/editing/export-for-editing.ts';
import type { RecordingService } from '../../../main/recording/recording-service.ts';
import type { TrackEntry } from '../../../protocol/track-slice.ts';
import type { TrackDescription } from '../../../protocol/tracks.ts';
import { beepsIn, flashesIn } from '../../support/flash-and-beep.ts';
import { openLibrary, over, recorded } from './library-fixture.ts';
import { recorderStream, slicesOf } from './media.ts';
import { room, WEBM } from './recorded-room.ts';
import { openRecordings, temporaryFolder } from './studio-fixture.ts';
import { entriesOf, opusFrames, trackOf, trackSlices, vp8Frames } from './track-media.ts';

const run = promisify(execFile);
const START_MS = 1_000_000;
const CHILD = fileURLToPath(new URL('./track-child.ts', import.meta.url));

async function keep(
  recordings: RecordingService,
  recordingId: string,
  track: TrackDescription,
  entries: readonly TrackEntry[],
): Promise<void> {
  const tracks = recordings.tracksOf(recordingId);
  await tracks.begin(track);
  for (const [seq, bytes] of trackSlices(entries).entries()) {
    await tracks.append(track.trackId, seq, bytes);
  }
  await tracks.end(track.trackId);
}

/** When it beeps, in seconds. */
function beeps(file: string): Promise<number[]> {
  return beepsIn(file, 1000, 1);
}

async function streamOf(file: string) {
  const { stdout } = await run('ffprobe', [
    ...['-v', 'error', '-show_streams', '-show_format', '-of', 'json', file],
  ]);
  const { streams, format } = JSON.parse(stdout);
  return { ...streams[0], formatDuration: Number(format.duration) };
}

describe('export for editing', () => {
  test('one person’s sound and picture become files in step with the programme', async () => {
    const { recordings } = await openRecordings();
    const { recordingId } = await recordings.start(room(), WEBM);
    // Ada's first frame is heard and seen 3 s into the programme; her timestamps wrap around soon.
    const journey = { playedFromMs: START_MS + 3000, firstTimestamp: 2 ** 32 - 100_000 };
    const audio = entriesOf(await opusFrames(6), { kind: 'audio', ...journey });
    const size = { width: 320, height: 180 };
    const video = entriesOf(await vp8Frames(6), { kind: 'video', ...journey, size });
    await keep(recordings, recordingId, trackOf(), audio);
    await keep(recordings, recordingId, trackOf({ kind: 'video' }), video);

    const folder = join(await temporaryFolder(), 'Évening ☕');
    const progress: number[] = [];
    const { files } = await exportForEditing(await recordings.editable(recordingId), folder, {
      onProgress: (done) => progress.push(done),
    });
    expect(files).toEqual(['01 Ada - audio.wav', '02 Ada - video.mp4']);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));

    const sound = await streamOf(join(folder, '01 Ada - audio.wav'));
    expect(sound).toMatchObject({ codec_name: 'pcm_s16le', sample_rate: '48000', channels: 1 });
    expect(sound.formatDuration).toBeCloseTo(9, 1);
    const picture = await streamOf(join(folder, '02 Ada - video.mp4'));
    expect(picture).toMatchObject({
      ...{ codec_name: 'h264', width: 320, height: 180 },
      ...{ r_frame_rate: '30/1', start_time: '0.000000' },
    });
    expect(picture.formatDuration).toBeCloseTo(9, 1);

    const heard = await beeps(join(folder, '01 Ada - audio.wav'));
    const seen = await flashesIn(join(folder, '02 Ada - video.mp4'), undefined, 1);
    expect(heard.length).toBeGreaterThanOrEqual(5);
    expect(seen.length).toBeGreaterThanOrEqual(5);
    for (const [index, at] of heard.entries()) {
      expect(Math.abs(at - (3 + index)), `beep ${index} at ${at}`).toBeLessThan(0.034);
    }
    for (const [index, at] of seen.entries()) {
      expect(Math.abs(at - (3 + index)), `flash ${index} at ${at}`).toBeLessThan(0.034);
    }
    expect((await readdir(folder)).sort()).toEqual([...files, 'timeline.otio', 'tracks.json']);
    const { tracks } = JSON.parse(await readFile(join(folder, 'tracks.json'), 'utf8'));
    expect(tracks[1]).toMatchObject({ participant: 'Ada', codec: 'vp8', startMs: 0, gaps: [] });
  });

  test('a take that is known later to have begun later moves the whole track', async () => {
    const { recordings } = await openRecordings();
    const { recordingId } = await recordings.start(room(), WEBM);
    const entries = entriesOf(await opusFrames(4), {
      kind: 'audio',
      playedFromMs: START_MS + 2000,
    });
    const known: TrackEntry = { kind: 'take', take: 0, atMs: START_MS + 400 };
    await keep(recordings, recordingId, trackOf(), entries.toSpliced(60, 0, known));
    const folder = join(await temporaryFolder(), 'export');
    await exportForEditing(await recordings.editable(recordingId), folder);
    const heard = await beeps(join(folder, '01 Ada - audio.wav'));
    expect(heard.length).toBeGreaterThanOrEqual(3);
    for (const [index, at] of heard.entries()) {
      expect(Math.abs(at - (1.6 + index)), `beep ${index} at ${at}`).toBeLessThan(0.034);
    }
  });

  test('a drifting clock is made up for, and who was silent for a while comes back in place', async () => {
    const { recordings } = await openRecordings();
    const { recordingId } = await recordings.start(room(), WEBM);
    const driftPpm = 450;
    const said = (await opusFrames(100)).filter(({ atMs }) => atMs < 40_000 || atMs >= 70_000);
    const entries = entriesOf(said, { kind: 'audio', playedFromMs: START_MS, driftPpm });
    await keep(recordings, recordingId, trackOf(), entries);
    const folder = join(await temporaryFolder(), 'export');
    await exportForEditing(await recordings.editable(recordingId), folder);
    const heard = await beeps(join(folder, '01 Ada - audio.wav'));
    expect(heard.length).toBeGreaterThan(65);
    for (const at of heard) {
      const sent = at * (1 + driftPpm / 1e6);
      expect(Math.abs(sent - Math.round(sent)), `beep at ${at}`).toBeLessThan(0.034);
    }
    expect(heard.filter((at) => at > 41 && at < 69.5)).toEqual([]);
    const { tracks } = JSON.parse(await readFile(join(folder, 'tracks.json'), 'utf8'));
    expect(tracks[0].clock.driftPpm).toBeCloseTo(driftPpm, -1);
    expect(tracks[0].gaps).toHaveLength(1);
  });

  test('a picture that changes its size and shape becomes one file, black where there was none', async () => {
    const { recordings } = await openRecordings();
    const { recordingId } = await recordings.start(room(), WEBM);
    const journey = { kind: 'video' as const, playedFromMs: START_MS + 1000 };
    const upright = { width: 180, height: 320 };
    const large = { width: 640, height: 360 };
    const later = (await vp8Frames(2, '640x360')).map((f) => ({ ...f, atMs: f.atMs + 6000 }));
    const last = (await vp8Frames(2, '180x320')).map((f) => ({ ...f, atMs: f.atMs + 8000 }));
    const entries = [
      ...entriesOf(await vp8Frames(2, '180x320'), { ...journey, size: upright }),
      ...entriesOf(later, { ...journey, size: large }),
      ...entriesOf(last, { ...journey, size: upright }),
    ];
    await keep(recordings, recordingId, trackOf({ kind: 'video' }), entries);
    const folder = join(await temporaryFolder(), 'export');
    await exportForEditing(await recordings.editable(recordingId), folder);
    const file = join(folder, '01 Ada - video.mp4');
    const picture = await streamOf(file);
    expect(picture).toMatchObject({ width: 640, height: 360, r_frame_rate: '30/1' });
    expect(picture.formatDuration).toBeCloseTo(11, 1);
    const seen = await flashesIn(file, 'ih/4:ih/2:iw/2-ih/8:ih/4', 1);
    expect(seen.map((at) => Math.round(at))).toEqual([1, 2, 7, 8, 9, 10]);
    for (const at of seen) expect(Math.abs(at - Math.round(at)), `${at}`).toBeLessThan(0.034);
  });

  test('pictures as received are kept bit by bit, from where they begin', async () => {
    const { recordings } = await openRecordings();
    const { recordingId } = await recordings.start(room(), WEBM);
    const frames = await vp8Frames(3);
    const journey = { kind: 'video' as const, playedFromMs: START_MS + 2500 };
    const size = { width: 320, height: 180 };
    const entries = entriesOf(frames, { ...journey, size });
    await keep(recordings, recordingId, trackOf({ kind: 'video' }), entries);
    const folder = join(await temporaryFolder(), 'export');
    const editable = await recordings.editable(recordingId);
    await exportForEditing(editable, folder, { video: 'received' });
    const file = join(folder, '01 Ada - video.mkv');
    expect(await streamOf(file)).toMatchObject({ codec_name: 'vp8', width: 320 });
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-show_entries', 'packet=pts_time,size', '-of', 'json', file],
    ]);
    const packets: { pts_time: string; size: string }[] = JSON.parse(stdout).packets;
    expect(packets.map(({ size: bytes }) => Number(bytes))).toEqual(
      frames.map(({ data }) => data.length),
    );
    expect(Number(packets[0]?.pts_time)).toBeCloseTo(2.5, 2);
    const { tracks } = JSON.parse(await readFile(join(folder, 'tracks.json'), 'utf8'));
    expect(tracks[0].startMs).toBeCloseTo(2500, -1);
  });

  test('a studio that is killed has lost nothing of a track that it acknowledged', async () => {
    const dataDir = await temporaryFolder();
    const masterKey = randomBytes(32);
    const child = spawn(process.execPath, [CHILD, dataDir, masterKey.toString('hex')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let recordingId = '';
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('rec_')) recordingId = line;
      if (line === 'ack 20') break;
    }
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;

    const { recordings } = await openRecordings({ dataDir, masterKey });
    const folder = join(await temporaryFolder(), 'export');
    await exportForEditing(await recordings.editable(recordingId), folder);
    const { tracks } = JSON.parse(await readFile(join(folder, 'tracks.json'), 'utf8'));
    // Some of the entries in each slice of 20 say when a frame was played.
    expect(tracks[0].lastFrameMs).toBeGreaterThan(20 * 19 * 20);
    expect(tracks[0].damagedSlices).toBe(0);
  });

  test('what a crash and a damaged slice leave of a track is exported', async () => {
    const { recordings, folderOf } = await openRecordings();
    const { recordingId } = await recordings.start(room(), WEBM);
    const journey = { kind: 'audio' as const, playedFromMs: START_MS };
    const track = trackOf();
    const entries = entriesOf(await opusFrames(6), journey);
    const tracks = recordings.tracksOf(recordingId);
    await tracks.begin(track);
    for (const [seq, bytes] of trackSlices(entries).entries()) {
      await tracks.append(track.trackId, seq, bytes);
    }
    // Nobody ended it: the process was killed while it wrote the last slice, and a bit flipped.
    const path = join(folderOf(recordingId), 'tracks', `${track.trackId}.swj`);
    const stored = await readFile(path);
    stored[Math.floor(stored.length / 2)] = (stored[Math.floor(stored.length / 2)] ?? 0) ^ 1;
    await writeFile(path, stored.subarray(0, -10));
    const folder = join(await temporaryFolder(), 'export');
    await exportForEditing(await recordings.editable(recordingId), folder);
    const found = JSON.parse(await readFile(join(folder, 'tracks.json'), 'utf8')).tracks[0];
    expect(found.damagedSlices).toBe(1);
    expect(found.frames).toBeGreaterThan(250);
    const heard = await beeps(join(folder, '01 Ada - audio.wav'));
    // One beep may begin within the slice that is lost.
    const inPlace = heard.filter((at) => Math.abs(at - Math.round(at)) < 0.034);
    expect(inPlace.length).toBeGreaterThanOrEqual(4);
  });

  test('cancelled or refused, nothing is left of it', async () => {
    const { recordings } = await openRecordings();
    const { recordingId } = await recordings.start(room(), WEBM);
    const parent = await temporaryFolder();
    const folder = join(parent, 'export');
    await expect(
      exportForEditing(await recordings.editable(recordingId), folder),
    ).rejects.toMatchObject({ code: 'recording-not-found' });

    const entries = entriesOf(await opusFrames(20), { kind: 'audio', playedFromMs: START_MS });
    await keep(recordings, recordingId, trackOf(), entries);
    const editable = await recordings.editable(recordingId);
    const cancel = new AbortController();
    const onProgress = (done: number) => {
      if (done > 0.7) cancel.abort(new Error('It was cancelled.'));
    };
    await expect(
      exportForEditing(editable, folder, { signal: cancel.signal, onProgress }),
    ).rejects.toThrow('It was cancelled.');
    expect(await readdir(parent)).toEqual([]);
    await exportForEditing(editable, folder);
    await expect(exportForEditing(editable, folder)).rejects.toMatchObject({
      code: 'validation-failed',
    });
    expect(await readdir(parent)).toEqual(['export']);
    await expect(exportForEditing(editable, '/proc/export')).rejects.toMatchObject({
      code: 'storage-unwritable',
    });
  });
});

describe('the library', () => {
  test('exports separate tracks into a folder of their own, which is never another’s', async () => {
    const { library, recordings, exportFolder } = await openLibrary();
    const { recordingId } = await recordings.start(room(), WEBM);
    const entries = entriesOf(await opusFrames(3), { kind: 'audio', playedFromMs: START_MS });
    await keep(recordings, recordingId, trackOf(), entries);
    for (const [seq, slice] of slicesOf(await recorderStream(3)).entries()) {
      await recordings.append(recordingId, seq, slice);
    }
    await expect(library.exportTracks(recordingId, 'editor')).rejects.toMatchObject({
      code: 'recording-busy',
    });
    await recordings.stop(recordingId);
    const seen: number[] = [];
    library.on('job', ({ progress }) => seen.push(progress));
    const first = await over(library, await library.exportTracks(recordingId, 'editor'));
    const second = await over(library, await library.exportTracks(recordingId, 'received'));
    const name = 'An evening of Ünïcode 2026-01-01 tracks';
    expect([first.path, second.path]).toEqual([
      join(exportFolder, name),
      join(exportFolder, `${name} (2)`),
    ]);
    expect(await readdir(String(first.path))).toContain('01 Ada - audio.wav');
    expect(seen).toContain(1);
  });

  test('says so where nothing was kept apart', async () => {
    const { library, id } = await recorded(slicesOf(await recorderStream(2)));
    await expect(library.exportTracks(id, 'editor')).rejects.toMatchObject({
      code: 'recording-not-found',
    });
    await expect(library.exportTracks(id, 'editor', 'not/absolute')).rejects.toThrow();
  });
});
