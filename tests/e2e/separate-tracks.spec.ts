import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { exportTracks } from '../support/export-tracks.ts';
import { endRoom, enterRoom, recorderHasRun, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';
import { packetTimes, streamsOf } from './rooms/media-file.ts';

const SECONDS = 4;

let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'swarm-tracks-'));
});

test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** Records a room of two for some seconds. */
async function recordRoom(
  host: Page,
  guest: Page,
  room: { title: string; private: boolean },
): Promise<void> {
  const link = await startRoom(host, { ...room, record: false, separateTracks: true });
  await enterRoom(guest, link, 'Ada');
  await host.locator('[data-testid="tile"]:not([data-self="true"]) video').waitFor();
  await host.getByRole('button', { name: 'Start recording' }).click();
  await host.getByRole('button', { name: 'Stop recording' }).waitFor();
  await recorderHasRun(host, SECONDS);
  await host.getByRole('button', { name: 'Stop recording' }).click();
  await host.getByRole('button', { name: 'Start recording' }).waitFor();
  await endRoom(host);
}

test('who was in an open or a private room is kept apart, and can be edited once it is over', async ({
  studio,
}) => {
  const host = await studio.host();
  const ada = await studio.person();
  await recordRoom(host, ada, { title: 'Talk', private: false });
  await host.getByRole('link', { name: 'Profile' }).first().click();
  await recordRoom(host, ada, { title: 'Confidential', private: true });
  await (await studio.start()).stop();

  const recordings = await readdir(join(studio.dataFolder, 'recordings'));
  expect(recordings).toHaveLength(2);
  for (const recordingId of recordings) {
    const target = join(folder, recordingId);
    const files = await exportTracks(studio.dataFolder, recordingId, target, 'received');
    expect(files).toEqual([
      ...['01 Ada - audio.wav', '02 Ada - video.mkv'],
      ...['03 Sam Host - audio.wav', '04 Sam Host - video.mkv'],
    ]);
    const video = join(target, '02 Ada - video.mkv');
    expect((await streamsOf(video))[0]?.codec_name).toBe('vp8');
    const frames = await packetTimes(video, 'v:0');
    expect(frames[0]?.keyframe).toBe(true);
    expect((frames.at(-1)?.timeS ?? 0) - (frames[0]?.timeS ?? 0)).toBeGreaterThan(SECONDS / 2);
  }
});
