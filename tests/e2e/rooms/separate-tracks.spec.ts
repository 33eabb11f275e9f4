import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { TakeSplicer } from '../../../main/recording/takes/take-splicer.ts';
import { keepTracks } from '../../support/export-tracks.ts';
import { beepsIn, flashesIn, offsets } from '../../support/flash-and-beep.ts';
import { packetTimes, pictureSizes, streamsOf } from './media-file.ts';
import { type PageServer, servePages } from './page-server.ts';
import type { TracksPage } from './pages/tracks.ts';

const SECONDS = 12;
const FRAME_S = 1 / 30;
/** Within the tiles of a picture of 1280 by 720 that two share, and three in its upper row. */
const HOST_TILE = '100:100:240:190';
const ADA_TILE = '100:100:900:190';

declare const tracks: TracksPage;

let server: PageServer;
let folder: string;

test.beforeAll(async () => {
  server = await servePages('tracks');
  folder = await mkdtemp(join(tmpdir(), 'swarm-tracks-'));
});

test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function record(page: Page, way: 'open' | 'private', name: string = way) {
  await page.goto(`${server.origin}/tracks.html`);
  const kept = await page.evaluate(([s, w]) => tracks.record(s, w), [SECONDS, way] as const);
  expect(kept.problems).toEqual([]);
  const dir = join(folder, name);
  await mkdir(dir);
  const programme = join(dir, 'programme.webm');
  // As main does it: a pause parts the recorder's stream into takes.
  const splicer = new TakeSplicer();
  const slices = kept.programme.map((slice) => splicer.push(Buffer.from(slice, 'base64')));
  await writeFile(programme, Buffer.concat(slices));
  const files = await keepTracks(kept, join(dir, 'tracks'));
  return { programme, files, path: (name: string) => join(dir, 'tracks', name) };
}

/** The offset that half of all are below, in seconds: a busy machine delays single ones. */
function typical(moments: readonly number[], others: readonly number[]): number {
  const sorted = offsets(moments, others).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

function note(offsetsS: object): void {
  test.info().annotations.push({
    type: 'offsets in seconds',
    description: JSON.stringify(offsetsS),
  });
}

test('everybody’s sound and picture are kept apart, in step with the programme', async ({
  page,
}) => {
  const { programme, files, path } = await record(page, 'open');
  expect(files).toEqual([
    ...['01 Ada - audio.wav', '02 Ada - video.mkv', '03 Grace - audio.wav'],
    // One's own tracks begin anew after a pause.
    ...['04 Grace - video.mkv', '05 Sam Host - audio.wav', '06 Sam Host - audio.wav'],
    ...['07 Sam Host - video.mkv', '08 Sam Host - video.mkv'],
  ]);
  const [adaSound = '', ada = '', , grace = '', hostSound = ''] = files.map(path);
  const [host = '', hostAfterPause = ''] = files.slice(6).map(path);
  expect((await streamsOf(ada))[0]).toMatchObject({ codec_name: 'vp8', width: 640 });
  expect((await streamsOf(host))[0]).toMatchObject({ codec_name: 'h264', width: 640 });

  const ofPictures = {
    host: typical(await flashesIn(host), await flashesIn(programme, HOST_TILE)),
    hostAfterPause: typical(await flashesIn(hostAfterPause), await flashesIn(programme, HOST_TILE)),
    ada: typical(await flashesIn(ada), await flashesIn(programme, ADA_TILE)),
  };
  const adaBeeps = await beepsIn(adaSound, 800);
  const ofSounds = {
    host: typical(await beepsIn(hostSound, 3000), await beepsIn(programme, 3000)),
    ada: typical(adaBeeps, await beepsIn(programme, 800)),
  };
  note({ ofPictures, ofSounds });
  for (const [who, offset] of Object.entries(ofPictures)) {
    expect(Math.abs(offset), `${who}’s picture`).toBeLessThan(2 * FRAME_S);
  }
  for (const [who, offset] of Object.entries(ofSounds)) {
    expect(Math.abs(offset), `${who}’s sound`).toBeLessThan(2 * FRAME_S);
  }

  // Ada muted herself from the half to five sixths.
  expect(adaBeeps.filter((at) => at > SECONDS / 2 + 1 && at < (SECONDS * 5) / 6)).toEqual([]);
  expect(adaBeeps.filter((at) => at < SECONDS / 2).length).toBeGreaterThanOrEqual(2);
  // Grace came after a third, and turned her camera at the half.
  const [first] = await packetTimes(grace, 'v:0');
  expect(first?.keyframe).toBe(true);
  expect(first?.timeS).toBeGreaterThan(SECONDS / 3 - 0.5);
  expect(await pictureSizes(grace)).toEqual(['320x180', '360x640']);
});

test('of a private room what was decrypted is kept, and plays', async ({ page }) => {
  const { programme, files, path } = await record(page, 'private');
  const ada = path(files[1] ?? '');
  const flashes = await flashesIn(ada);
  expect(flashes.length).toBeGreaterThanOrEqual(4);
  const offset = typical(flashes, await flashesIn(programme, ADA_TILE));
  note({ ada: offset });
  expect(Math.abs(offset)).toBeLessThan(2 * FRAME_S);
});

test('a programme that begins late, because its sound does, is in step with them', async ({
  page,
}) => {
  await page.addInitScript((lateMs) => {
    const { resume } = AudioContext.prototype;
    AudioContext.prototype.resume = async function resumeLate() {
      // The mixer would take the suspension, which it is told of later, for the end of the sound.
      Object.defineProperty(this, 'onstatechange', { value: null, writable: true });
      await this.suspend();
      setTimeout(() => resume.call(this), lateMs);
    };
  }, 250);
  const { programme, path, files } = await record(page, 'open', 'late sound');
  const of = async (name: string, tile: string) =>
    typical(await flashesIn(path(name)), await flashesIn(programme, tile));
  const offsetsS = {
    ada: await of(files[1] ?? '', ADA_TILE),
    host: await of(files[6] ?? '', HOST_TILE),
    hostAfterPause: await of(files[7] ?? '', HOST_TILE),
  };
  note(offsetsS);
  for (const [who, offset] of Object.entries(offsetsS)) {
    expect(Math.abs(offset), `${who}’s picture`).toBeLessThan(2 * FRAME_S);
  }
});
