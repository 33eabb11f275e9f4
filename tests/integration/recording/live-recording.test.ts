import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RecordedRoom, RecordingService } from '../../../main/recording/recording-service.ts';
import { Manifest } from '../../../protocol/recordings.ts';
import { recorderStream, slicesOf } from './media.ts';
import { GUEST, room, STRANGER, WEBM } from './recorded-room.ts';
import { ask, serveReplays } from './replay-server.ts';
import { type Fixture, openRecordings } from './studio-fixture.ts';

let first: Buffer[];
let second: Buffer[];
beforeAll(async () => {
  first = slicesOf(await recorderStream(4));
  second = slicesOf(await recorderStream(4));
});

async function begun(
  of: RecordedRoom = room(),
): Promise<Fixture & { id: string; told: (string | undefined)[] }> {
  const fixture = await openRecordings();
  const told: (string | undefined)[] = [];
  fixture.recordings.on('trouble', (_roomId, trouble) => told.push(trouble?.code));
  const { recordingId: id } = await fixture.recordings.start(of, WEBM);
  return { ...fixture, id, told };
}

async function append(recordings: RecordingService, id: string, slices: Buffer[], from = 0) {
  for (const [index, slice] of slices.entries()) {
    await recordings.append(id, from + index, slice);
  }
}

/** A recording with a pause and three marked moments: one in each take, one unnamed. */
async function markedRecording(of?: RecordedRoom) {
  const fixture = await begun(of);
  const { recordings, id } = fixture;
  await append(recordings, id, first);
  const { markerId } = recordings.live.mark({ recordingId: id, take: 0, takeMs: 1_500 });
  recordings.live.labelMarker(id, markerId, 'Questions & <answers>');
  recordings.live.setPaused(id, true);
  recordings.live.setPaused(id, false);
  await append(recordings, id, second, first.length);
  recordings.live.mark({ recordingId: id, take: 1, takeMs: 2_000 });
  return fixture;
}

const CHAPTERS = [
  { startMs: 1_500, title: 'Questions & <answers>' },
  { startMs: expect.closeTo(6_000, -2), title: 'Marker 2' },
];

describe('markers', () => {
  it.each([
    { visibility: 'public', inManifest: CHAPTERS },
    { visibility: 'invite-only', inManifest: undefined },
  ] as const)(
    'are chapters at their place after a pause, in the signed manifest when it is public ($visibility)',
    async ({ visibility, inManifest }) => {
      const { recordings, id, dir } = await markedRecording(room({ visibility }));
      expect(await recordings.stop(id)).toMatchObject({ state: 'ready', chapters: CHAPTERS });
      const manifest = Manifest.parse(
        JSON.parse(await readFile(join(dir, id, 'manifest.json'), 'utf8')),
      );
      expect(manifest.chapters).toEqual(inManifest);
      expect(await recordings.verify(id)).toMatchObject({ ok: true });
    },
  );

  it('are served as WebVTT to those who may watch, and to nobody else', async () => {
    const { recordings, id } = await markedRecording();
    await recordings.stop(id);
    const address = `${await serveReplays(recordings)}/replays/${id}/chapters.vtt`;
    const response = await ask(address, GUEST);
    expect(response.headers.get('content-type')).toMatch(/^text\/vtt/);
    expect(await response.text()).toMatch(
      /^WEBVTT\n\n00:00:01\.500 --> 00:00:0[56]\.\d{3}\nQuestions &amp; &lt;answers&gt;\n\n/,
    );
    expect((await ask(address, STRANGER)).status).toBe(403);
  });

  it('survive a crash', async () => {
    const { recordings, id, options } = await markedRecording();
    // Its journal is closed as a crash leaves it: nobody said that the recording ended.
    await recordings.fail(id, 'The window was killed.');
    expect(recordings.statusOfRoom(room().roomId)).toMatchObject({
      recovered: true,
      chapters: CHAPTERS,
    });
    const again = await openRecordings(options);
    expect(again.recordings.statusOfRoom(room().roomId)).toMatchObject({ chapters: CHAPTERS });
  });

  it('are refused for a recording that is over, and a foreign marker is not renamed', async () => {
    const { recordings, id } = await begun();
    await append(recordings, id, first);
    const { markerId } = recordings.live.mark({ recordingId: id, take: 0, takeMs: 10 });
    expect(() => recordings.live.labelMarker(id, markerId + 1, 'Not mine')).toThrow(
      /no such marker/,
    );
    await recordings.stop(id);
    expect(() => recordings.live.mark({ recordingId: id, take: 0, takeMs: 0 })).toThrow(
      /not running/,
    );
  });
});

describe('a recording that runs', () => {
  it('tells within two seconds that nothing comes any more, and that it does again', async () => {
    const { recordings, id, told } = await begun();
    await append(recordings, id, first);
    const silentAt = performance.now();
    await new Promise((resolve) => recordings.once('trouble', resolve));
    expect(performance.now() - silentAt).toBeLessThan(2_000);
    await append(recordings, id, second, first.length);
    expect(told).toEqual(['recorder-silent', undefined]);
  });

  it('is not missed while it is paused', async () => {
    const { recordings, id, told } = await begun();
    const paused: boolean[] = [];
    recordings.on('paused', (_roomId, now) => paused.push(now));
    await append(recordings, id, first);
    recordings.live.setPaused(id, true);
    await delay(2_100);
    expect(told).toEqual([]);
    recordings.live.setPaused(id, false);
    expect(paused).toEqual([true, false]);
  });

  it('counts what was captured, not what was paused', async () => {
    const { recordings, id, clock } = await begun();
    const lengths: number[] = [];
    recordings.on('progress', ({ durationMs }) => lengths.push(durationMs));
    await recordings.append(id, 0, first[0] ?? Buffer.alloc(0));
    clock.nowMs += 4_000;
    await append(recordings, id, first.slice(1), 1);
    clock.nowMs += 3_600_000;
    await append(recordings, id, second, first.length);
    expect(lengths.at(-1)).toBe(4_000);
  });
});
