import { describe, expect, it } from 'vitest';
import {
  FULL_QUALITY,
  type LinkQuality,
  LOWEST_STEP,
  limitAt,
  nextQuality,
} from '../../../renderer/rooms/link-quality.ts';
import type { LinkSample, SentStream } from '../../../renderer/rooms/link-sample.ts';
import { meshVideoLimit } from '../../../renderer/rooms/video-limit.ts';

const room = meshVideoLimit(1);

function sample(video: Partial<SentStream> = {}, link: Partial<LinkSample> = {}): LinkSample {
  const sent = { video: { bytes: 0, lossShare: 0, ...video } };
  return { atMs: 0, roundTripMs: 40, sent, received: {}, ...link };
}

const fine = sample();
const lossy = sample({ lossShare: 0.2 });

function qualityAfter(quality: LinkQuality, ...samples: LinkSample[]): LinkQuality {
  return samples.reduce((now, next) => nextQuality(now, next, room), quality);
}

function times(count: number, one: LinkSample): LinkSample[] {
  return Array.from({ length: count }, () => one);
}

describe('the camera gets smaller', () => {
  it.each([
    ['the path loses packets', lossy],
    ['the voice loses packets', sample({}, { sent: { audio: { bytes: 0, lossShare: 0.2 } } })],
    ['the processor has no time', sample({ qualityLimitationReason: 'cpu' })],
    [
      'the path carries less than the picture is meant to take',
      sample({ qualityLimitationReason: 'bandwidth' }, { availableSendBitsPerSecond: 400_000 }),
    ],
  ])('when %s twice in a row', (_when, poor) => {
    expect(qualityAfter(FULL_QUALITY, poor).step).toBe(0);
    expect(qualityAfter(FULL_QUALITY, poor, poor).step).toBe(1);
    expect(qualityAfter(FULL_QUALITY, poor, fine, poor).step).toBe(0);
  });

  it('when packets begin to wait in a queue, however long the path is', () => {
    const far = sample({}, { roundTripMs: 700 });
    const queued = sample({}, { roundTripMs: 1_200 });
    expect(qualityAfter(FULL_QUALITY, ...times(10, far)).step).toBe(0);
    expect(qualityAfter(FULL_QUALITY, far, queued, queued).step).toBe(1);
  });

  it('step by step, down to the least that is worth sending', () => {
    const worst = qualityAfter(FULL_QUALITY, ...times(40, lossy));
    expect(worst.step).toBe(LOWEST_STEP);
    const limit = limitAt(worst.step, meshVideoLimit(11));
    expect(limit.maxHeight).toBeGreaterThanOrEqual(90);
    expect(limit.maxBitrate).toBeGreaterThanOrEqual(60_000);
  });
});

describe('the camera stays as it is', () => {
  it('when the encoder is held back by our own limit alone', () => {
    const ours = sample(
      { qualityLimitationReason: 'bandwidth' },
      { availableSendBitsPerSecond: 5_000_000 },
    );
    expect(qualityAfter(FULL_QUALITY, ...times(10, ours)).step).toBe(0);
  });

  it('when there is a little loss, which is no reason to send more either', () => {
    const reduced = { ...FULL_QUALITY, step: 2 };
    const little = sample({ lossShare: 0.05 });
    expect(qualityAfter(reduced, ...times(30, little)).step).toBe(2);
  });
});

describe('the camera gets larger again', () => {
  const reduced = qualityAfter(FULL_QUALITY, lossy, lossy);

  it('after several good samples in a row, and not beyond what the room allows', () => {
    expect(qualityAfter(reduced, ...times(4, fine)).step).toBe(1);
    expect(qualityAfter(reduced, ...times(4, fine), lossy, fine).step).toBe(1);
    expect(qualityAfter(reduced, ...times(5, fine)).step).toBe(0);
    expect(qualityAfter(reduced, ...times(50, fine)).step).toBe(0);
  });

  it('later after a try that did not last, so that it does not swing', () => {
    const fellBack = qualityAfter(reduced, ...times(5, fine), lossy, lossy);
    expect(fellBack.step).toBe(1);
    expect(qualityAfter(fellBack, ...times(9, fine)).step).toBe(1);
    expect(qualityAfter(fellBack, ...times(10, fine)).step).toBe(0);
  });

  it('as soon as at first once a try has lasted', () => {
    const fellBack = qualityAfter(reduced, ...times(5, fine), lossy, lossy);
    const lasted = qualityAfter(fellBack, ...times(20, fine));
    const again = qualityAfter(lasted, lossy, lossy);
    expect(again.step).toBe(1);
    expect(qualityAfter(again, ...times(5, fine)).step).toBe(0);
  });
});

describe('what the room allows', () => {
  it('gets smaller as the room gets larger', () => {
    const heights = [0, 1, 2, 3, 4, 11].map((others) => meshVideoLimit(others).maxHeight);
    expect(heights).toEqual([720, 720, 480, 480, 360, 360]);
  });

  it('is sent in full at the first step, and less at each further one', () => {
    expect(limitAt(0, room)).toEqual(room);
    const bitrates = [0, 1, 2, 3, 4].map((step) => limitAt(step, room).maxBitrate);
    expect(bitrates.toSorted((a, b) => b - a)).toEqual(bitrates);
    expect(new Set(bitrates).size).toBe(bitrates.length);
  });
});
