import { describe, expect, test } from 'vitest';
import { SoundClock } from '../../../renderer/tracks/sound-clock.ts';

/** 10 ms of sound. */
const span = (timestampMs: number) => ({
  ...{ timestamp: timestampMs * 1000, numberOfFrames: 480, sampleRate: 48_000 },
});

function fed(clock: SoundClock, ...timestampsMs: number[]): number[] {
  return timestampsMs.map((ms) => clock.feed(span(ms)));
}

describe('the clock of one’s own sound', () => {
  test('counts samples, whatever origin the first timestamps have', () => {
    const clock = new SoundClock();
    expect(fed(clock, 3102, 606, 616, 626, 636)).toEqual([0, 480, 960, 1440, 1920]);
    expect(clock.encoded(20_000)).toBe(960);
  });

  test('keeps what was left out as a gap, for packets from then on', () => {
    const clock = new SoundClock();
    expect(fed(clock, 0, 10, 20, 30, 40, 250, 260)).toEqual([
      0, 480, 960, 1440, 1920, 12_000, 12_480,
    ]);
    expect(clock.encoded(40_000)).toBe(1920);
    expect(clock.encoded(50_000)).toBe(12_000);
    expect(clock.encoded(70_000)).toBe(12_960);
  });

  test('takes no notice of jitter, nor of a clock that jumps', () => {
    const clock = new SoundClock();
    fed(clock, 0, 10, 20, 30, 40);
    expect(fed(clock, 53, 61, 999_000, 999_010)).toEqual([2400, 2880, 3360, 3840]);
  });

  test('counts in ticks of 48 kHz, whatever the microphone’s rate is', () => {
    const clock = new SoundClock();
    const cd = { timestamp: 0, numberOfFrames: 441, sampleRate: 44_100 };
    expect([clock.feed(cd), clock.feed({ ...cd, timestamp: 10_000 })]).toEqual([0, 480]);
  });
});
