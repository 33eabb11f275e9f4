import { describe, expect, it } from 'vitest';
import { storyboardSegments } from '../../../main/pictures/storyboard-frames.ts';
import type { ManifestSegment } from '../../../protocol/recordings.ts';
import { MAX_SHEETS, renderStoryboard, TILES_PER_SHEET } from '../../../protocol/storyboard-vtt.ts';

const segments = (count: number, durationMs: number) =>
  Array.from({ length: count }, (_, i) => ({ uri: `s${i}`, durationMs }) as ManifestSegment);

describe('a storyboard', () => {
  it('has a picture every 4 s of a short recording, of its very beginning too', () => {
    const chosen = storyboardSegments(segments(7, 2_000));
    expect(chosen.map(({ startMs }) => startMs)).toEqual([0, 4_000, 8_000, 12_000]);
    expect(chosen.map(({ segment }) => segment.uri)).toEqual(['s0', 's2', 's4', 's6']);
    expect(storyboardSegments(segments(1, 300))).toHaveLength(1);
    expect(storyboardSegments([])).toEqual([]);
  });

  it('has no more pictures than its sheets hold, of a day as well', () => {
    const chosen = storyboardSegments(segments(43_200, 2_000));
    expect(chosen.length).toBeLessThanOrEqual(MAX_SHEETS * TILES_PER_SHEET);
    expect(chosen.length).toBeGreaterThan(MAX_SHEETS * TILES_PER_SHEET * 0.9);
    expect(chosen.at(-1)?.startMs).toBeGreaterThan(43_200 * 2_000 * 0.98);
  });

  it('never has two pictures closer than 4 s, however the segments lie', () => {
    const uneven = segments(200, 0).map((segment, i) => ({
      ...segment,
      durationMs: [2_000, 5_900, 100, 2_033][i % 4] ?? 0,
    }));
    const starts = storyboardSegments(uneven).map(({ startMs }) => startMs);
    for (const [i, start] of starts.slice(1).entries()) {
      expect(start - (starts[i] ?? 0)).toBeGreaterThanOrEqual(4_000);
    }
  });

  it('names the part of the sheet for each time', () => {
    const startsMs = Array.from({ length: 102 }, (_, i) => i * 4_000);
    const cues = renderStoryboard(startsMs, 407_500).trim().split('\n\n');
    expect(cues[0]).toBe('WEBVTT');
    expect(cues[1]).toBe('00:00:00.000 --> 00:00:04.000\nstoryboard/0.webp#xywh=0,0,192,108');
    expect(cues[12]).toBe('00:00:44.000 --> 00:00:48.000\nstoryboard/0.webp#xywh=192,108,192,108');
    expect(cues[102]).toBe('00:06:44.000 --> 00:06:47.500\nstoryboard/1.webp#xywh=192,0,192,108');
  });
});
