import { describe, expect, it } from 'vitest';
import { PICTURE_SIZE, RAW_PICTURE_BYTES } from '../../../main/pictures/picture.ts';
import { posterSegments } from '../../../main/pictures/poster-frames.ts';
import { sharpestOf, sharpnessOf } from '../../../main/pictures/sharpness.ts';
import { drawWaveform } from '../../../main/pictures/waveform-picture.ts';
import type { ManifestSegment } from '../../../protocol/recordings.ts';

/** Grey stripes so many pixels wide. */
function striped(width: number): Uint8Array {
  const picture = new Uint8Array(RAW_PICTURE_BYTES);
  for (let pixel = 0; pixel < picture.length / 3; pixel += 1) {
    const light = Math.floor((pixel % PICTURE_SIZE.width) / width) % 2 === 0;
    picture.fill(light ? 200 : 60, pixel * 3, pixel * 3 + 3);
  }
  return picture;
}

describe('of some pictures', () => {
  it('the one with the most edges is the sharpest, of those alike the first', () => {
    const [blank, coarse, fine] = [striped(PICTURE_SIZE.width), striped(64), striped(8)];
    expect(sharpnessOf(blank)).toBe(0);
    expect(sharpestOf([blank, fine, coarse])).toBe(fine);
    expect(sharpestOf([coarse, striped(64)])).toBe(coarse);
    expect(sharpestOf([])).toBeUndefined();
  });
});

describe('segments that a thumbnail is chosen from', () => {
  const segments = (count: number, durationMs: number) =>
    Array.from({ length: count }, (_, i) => ({ uri: `s${i}`, durationMs }) as ManifestSegment);

  it('begin nearest every 10 s of the first minute', () => {
    const chosen = posterSegments(segments(100, 2_000));
    expect(chosen.map(({ uri }) => uri)).toEqual(['s0', 's5', 's10', 's15', 's20', 's25', 's30']);
  });

  it('are each there once, however long they are', () => {
    expect(posterSegments(segments(3, 25_000)).map(({ uri }) => uri)).toEqual(['s0', 's1', 's2']);
    expect(posterSegments(segments(1, 900))).toHaveLength(1);
  });
});

describe('a drawing of sound', () => {
  const loudness = Array.from({ length: 64 }, (_, i) => (i % 8) / 8);

  it('is the same for the same room, and another for another', () => {
    const first = drawWaveform('room_one', loudness);
    expect(Buffer.compare(first, drawWaveform('room_one', loudness))).toBe(0);
    expect(Buffer.compare(first, drawWaveform('room_two', loudness))).not.toBe(0);
  });

  it('shows something of silence, too', () => {
    const silence = drawWaveform(
      'room_one',
      loudness.map(() => 0),
    );
    expect(sharpnessOf(silence)).toBeGreaterThan(1);
    expect(sharpnessOf(drawWaveform('room_one', loudness))).toBeGreaterThan(sharpnessOf(silence));
  });
});
