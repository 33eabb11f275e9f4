import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { programmeMs, type TakeStart } from '../../../../main/recording/tracks/programme-time.ts';
import type { LostEntry } from '../../../../main/recording/tracks/read-track.ts';
import { timedFrames } from '../../../../main/recording/tracks/timed-frames.ts';
import type { FrameEntry, TrackEntry } from '../../../../protocol/track-slice.ts';
import type { TrackDescription } from '../../../../protocol/tracks.ts';

const START_MS = 1_000_000;

type Entry = TrackEntry | LostEntry;

/** A picture that was made so many ms after the programme began. */
function picture(sentMs: number, keyframe = false, arrivesMs = sentMs): FrameEntry {
  return {
    kind: 'frame',
    ...{ keyframe, width: 0, height: 0, atMs: START_MS + arrivesMs },
    timestamp: Math.round(sentMs * 90),
    data: Uint8Array.of(sentMs % 256),
  };
}

async function times(
  entries: readonly Entry[],
  {
    kind = 'video' as TrackDescription['kind'],
    startedAtMs = START_MS,
    next = [] as TakeStart[],
    takeStartsMs = [0],
  } = {},
): Promise<number[]> {
  const survey = {
    description: { kind } as TrackDescription,
    timeline: { takes: [{ take: 0, atMs: startedAtMs }, ...next], takeStartsMs } as const,
    clock: {
      toHostMs: (ticks: number) => START_MS + ticks / (kind === 'video' ? 90 : 48),
      ...{ driftPpm: 0, errorMs: 0 },
    },
  };
  async function* each() {
    yield* entries;
  }
  const found: number[] = [];
  for await (const frame of timedFrames(each(), survey)) found.push(Math.round(frame.programmeMs));
  return found;
}

describe('frames in their places', () => {
  test('pictures before the first keyframe can’t be shown, and are left out', async () => {
    const frames = [picture(0), picture(33), picture(66, true), picture(99)];
    expect(await times(frames)).toEqual([66, 99]);
  });

  test('a frame that was sent again goes back to its place', async () => {
    const frames = [picture(0, true), picture(66, false, 66), picture(33, false, 120), picture(99)];
    expect(await times(frames)).toEqual([0, 33, 66, 99]);
  });

  test('a frame that came twice is kept once', async () => {
    expect(await times([picture(0, true), picture(33), picture(33), picture(66)])).toEqual([
      0, 33, 66,
    ]);
  });

  test('after a damaged slice pictures go on at the next keyframe, and the gap stays one', async () => {
    const lost: LostEntry = { kind: 'lost' };
    const frames = [picture(0, true), picture(33), lost, picture(300), picture(333, true)];
    expect(await times([...frames, picture(366)])).toEqual([0, 33, 333, 366]);
  });

  test('sound from before the programme is not in it', async () => {
    const sound = [0, 20, 40].map((sentMs) => ({ ...picture(sentMs), timestamp: sentMs * 48 }));
    expect(await times(sound, { kind: 'audio', startedAtMs: START_MS + 20 })).toEqual([0, 20]);
  });

  test('a pause of the programme takes no time in the tracks', async () => {
    const next = [{ take: 1, atMs: START_MS + 5000 }];
    const frames = [picture(0, true), picture(1000), picture(5033, true), picture(5066)];
    expect(await times(frames, { next, takeStartsMs: [0, 1010] })).toEqual([0, 1000, 1043, 1076]);
  });

  test('a picture that a jump lays over another stays, for later ones are made from it', async () => {
    const next = [{ take: 1, atMs: START_MS + 5000 }];
    const frames = [picture(0, true), picture(1000), picture(5000), picture(5033)];
    expect(await times(frames, { next, takeStartsMs: [0, 1000] })).toEqual([0, 1000, 1001, 1033]);
  });

  test('whatever the order of arrival within a second, time rises and nothing comes twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 120 }),
        async (delays) => {
          const frames = delays
            .map((delayMs, index) => picture(index * 33, true, index * 33 + delayMs))
            .sort((a, b) => a.atMs - b.atMs);
          const got = await times(frames);
          expect(got).toEqual(delays.map((_, index) => index * 33));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('time in the programme', () => {
  const takes = [
    { take: 1, atMs: START_MS },
    { take: 2, atMs: START_MS + 10_000 },
    { take: 3, atMs: START_MS + 20_000 },
  ] as const;

  test('is as long for each take as its recorder made it, without the pauses', () => {
    const timeline = { takes, takeStartsMs: [0, 500, 8_460, 16_410] };
    expect(programmeMs(timeline, START_MS - 20)).toBe(480);
    expect(programmeMs(timeline, START_MS + 5_000)).toBe(5_500);
    expect(programmeMs(timeline, START_MS + 10_000)).toBe(8_460);
    expect(programmeMs(timeline, START_MS + 30_000)).toBe(26_410);
  });

  test('goes on by the host’s clock in a take that the programme does not know', () => {
    expect(programmeMs({ takes, takeStartsMs: [0, 500] }, START_MS + 12_000)).toBe(12_500);
    expect(programmeMs({ takes, takeStartsMs: [] }, START_MS + 12_000)).toBe(12_000);
  });
});
