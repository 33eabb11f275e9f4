import { watch } from 'node:fs';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RecordingService } from '../../../main/recording/recording-service.ts';
import { frameTimes, probe, recorderStream, slicesOf } from './media.ts';
import { room, WEBM } from './recorded-room.ts';
import { openRecordings, PATIENCE, temporaryFolder } from './studio-fixture.ts';

let slices: Buffer[];
beforeAll(async () => {
  slices = slicesOf(await recorderStream(12));
});

/** An ffmpeg that leaves the process ids of its packaging runs in a file, and can be told to fail. */
async function markedFfmpeg() {
  const dir = await temporaryFolder();
  const path = join(dir, 'ffmpeg');
  const pidFile = join(dir, 'pids');
  const brokenFile = join(dir, 'broken');
  await writeFile(pidFile, '');
  await writeFile(
    path,
    `#!/bin/sh
case "$*" in *pipe:0*)
  if [ -e '${brokenFile}' ]; then echo 'out of order' >&2; exit 3; fi
  echo $$ >> '${pidFile}' ;;
esac
exec ffmpeg "$@"
`,
  );
  await chmod(path, 0o755);
  const pids = async () =>
    (await readFile(pidFile, 'utf8')).split('\n').filter(Boolean).map(Number);
  return {
    path,
    pids,
    breakIt: () => writeFile(brokenFile, ''),
    repair: () => rm(brokenFile),
    /** The process id of the n-th run (0, 1, …), once it has begun. */
    async pidOf(run: number): Promise<number> {
      const changes = watch(pidFile);
      const pid = await new Promise<number>((resolve, reject) => {
        const look = () =>
          pids().then((all) => {
            const found = all[run];
            if (found !== undefined) resolve(found);
          }, reject);
        changes.on('change', look);
        look();
      });
      changes.close();
      return pid;
    },
  };
}

async function append(recordings: RecordingService, id: string, from: number, to: number) {
  for (const [index, slice] of slices.slice(from, to).entries()) {
    await recordings.append(id, from + index, slice);
  }
}

const half = () => Math.floor(slices.length / 2);

describe('when ffmpeg', () => {
  it('is killed, another one takes over and nothing is missing or doubled', async () => {
    const ffmpeg = await markedFfmpeg();
    const { recordings, folderOf } = await openRecordings({ ffmpegPath: ffmpeg.path });
    const { recordingId: id } = await recordings.start(room({ visibility: 'public' }), WEBM);
    await append(recordings, id, 0, half());
    await expect
      .poll(() => recordings.statusOfRoom(room().roomId)?.durationMs, PATIENCE)
      .toBeGreaterThan(0);
    const firstSegment = await readFile(join(folderOf(id), 'segment-000000.m4s'));
    process.kill(await ffmpeg.pidOf(0), 'SIGKILL');
    await ffmpeg.pidOf(1);
    await append(recordings, id, half(), slices.length);

    const status = await recordings.stop(id);
    expect(status).toMatchObject({ state: 'ready', recovered: false });
    expect(await ffmpeg.pids()).toHaveLength(2);
    expect(await readFile(join(folderOf(id), 'segment-000000.m4s'))).toEqual(firstSegment);
    const probed = await probe(join(folderOf(id), 'index.m3u8'));
    expect(probed.durationS).toBeCloseTo(12, 1);
    expect(probed.clean).toBe(true);
    expect(await recordings.verify(id)).toMatchObject({ ok: true, checkedFiles: 7 });
  });

  it('is killed again and again, people are told and the replay has no gap', async () => {
    const ffmpeg = await markedFfmpeg();
    const { recordings, folderOf } = await openRecordings({ ffmpegPath: ffmpeg.path });
    const told: (string | undefined)[] = [];
    recordings.on('trouble', (_roomId, trouble) => told.push(trouble?.code));
    const { recordingId: id } = await recordings.start(room({ visibility: 'public' }), WEBM);
    const kills = 4;
    const step = Math.floor(slices.length / (kills + 1));
    for (let kill = 0; kill < kills; kill++) {
      await append(recordings, id, kill * step, (kill + 1) * step);
      process.kill(await ffmpeg.pidOf(kill), 'SIGKILL');
      await ffmpeg.pidOf(kill + 1);
    }
    await append(recordings, id, kills * step, slices.length);
    expect(await recordings.stop(id)).toMatchObject({ state: 'ready', recovered: false });
    expect(await ffmpeg.pids()).toHaveLength(kills + 1);
    expect(told).toContain('packaging-restarting');
    const playlist = join(folderOf(id), 'index.m3u8');
    const frames = await frameTimes(playlist, 'v:0');
    expect(frames).toHaveLength(12 * 30);
    for (const [index, timeS] of frames.slice(1).entries()) {
      expect(timeS - (frames[index] ?? 0)).toBeCloseTo(1 / 30, 2);
    }
    expect((await probe(playlist)).clean).toBe(true);
  });

  it('is terminated, its cut-off last segment does not become part of the replay', async () => {
    const ffmpeg = await markedFfmpeg();
    const { recordings, folderOf } = await openRecordings({ ffmpegPath: ffmpeg.path });
    const { recordingId: id } = await recordings.start(room({ visibility: 'public' }), WEBM);
    await append(recordings, id, 0, half());
    await expect
      .poll(() => recordings.statusOfRoom(room().roomId)?.durationMs, PATIENCE)
      .toBeGreaterThan(0);
    process.kill(await ffmpeg.pidOf(0), 'SIGTERM');
    // It notices when there is something to read.
    await append(recordings, id, half(), half() + 2);
    await ffmpeg.pidOf(1);
    await append(recordings, id, half() + 2, slices.length);
    await recordings.stop(id);
    const probed = await probe(join(folderOf(id), 'index.m3u8'));
    expect(probed.durationS).toBeCloseTo(12, 1);
    expect(probed.clean).toBe(true);
  });

  it('hangs, slices still reach the disk, and a new one finishes the replay', async () => {
    const ffmpeg = await markedFfmpeg();
    // A busy machine may take half a second to start one that does not hang.
    const { recordings } = await openRecordings({ ffmpegPath: ffmpeg.path, stallMs: 1_500 });
    const { recordingId: id } = await recordings.start(room(), WEBM);
    await append(recordings, id, 0, 2);
    process.kill(await ffmpeg.pidOf(0), 'SIGSTOP');
    await append(recordings, id, 2, slices.length);

    const status = await recordings.stop(id);
    expect(status.state).toBe('ready');
    expect(status.durationMs).toBeGreaterThan(11_900);
    expect((await ffmpeg.pids()).length).toBeGreaterThan(1);
  });

  it('never works, the recording fails with a sentence and its journal is kept', async () => {
    const ffmpeg = await markedFfmpeg();
    const { recordings, folderOf } = await openRecordings({ ffmpegPath: ffmpeg.path });
    await ffmpeg.breakIt();
    const { recordingId: id } = await recordings.start(room(), WEBM);
    await append(recordings, id, 0, slices.length);
    const status = await recordings.stop(id);
    expect(status).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/out of order.*What was recorded is kept/s),
    });
    expect(await readdir(folderOf(id))).toContain('journal.swj');

    await ffmpeg.repair();
    await recordings.recover();
    expect(recordings.statusOfRoom(room().roomId)).toMatchObject({ state: 'ready' });
  });

  it('can not even be started, the recording fails with a sentence and the studio lives', async () => {
    const { recordings } = await openRecordings({ ffmpegPath: join('/', 'nowhere', 'ffmpeg') });
    const { recordingId: id } = await recordings.start(room(), WEBM);
    await append(recordings, id, 0, 3);
    expect(await recordings.stop(id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('ENOENT'),
    });
  });
});
