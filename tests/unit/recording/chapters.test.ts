import { describe, expect, it } from 'vitest';
import { chaptersOf } from '../../../main/recording/takes/chapters.ts';
import { renderChapters } from '../../../protocol/chapters-vtt.ts';
import { chapterAt } from '../../../renderer/replay/chapter-at.ts';

const marker = (markerId: number, take: number, takeMs: number, label?: string) => ({
  ...{ markerId, take, takeMs, label },
});

describe('chapters', () => {
  it('are in the order of the replay, and those without a name are counted', () => {
    const chapters = chaptersOf(
      [marker(7, 1, 500), marker(8, 0, 2_000.4, 'Intro'), marker(9, 1, 900)],
      [0, 10_000],
      20_000,
    );
    expect(chapters.map(({ startMs, title }) => [startMs, title])).toEqual([
      [2_000, 'Intro'],
      [10_500, 'Marker 1'],
      [10_900, 'Marker 3'],
    ]);
  });

  it('stay within their take and the replay', () => {
    const chapters = chaptersOf([marker(1, 0, 99_999), marker(2, 5, 1)], [0, 10_000], 20_000);
    expect(chapters.map(({ startMs }) => startMs)).toEqual([10_000, 20_000]);
  });

  it('last until the next one in WebVTT, and none lasts no time', () => {
    const chapters = [
      { startMs: 0, title: 'A & B' },
      { startMs: 3_661_050, title: 'Later' },
      { startMs: 3_661_050, title: 'At once' },
    ];
    expect(renderChapters(chapters, 3_662_000.4)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 01:01:01.050\nA &amp; B\n\n01:01:01.050 --> 01:01:02.000\nAt once\n',
    );
    expect(renderChapters([], 1_000)).toBe('WEBVTT\n');
  });

  it('are found by the time that plays', () => {
    const chapters = [
      { startMs: 1_000, title: 'One' },
      { startMs: 5_000, title: 'Two' },
    ];
    expect([0, 999.9, 4_900, 5_000].map((atMs) => chapterAt(chapters, atMs))).toEqual([
      ...[undefined, 0, 0, 1],
    ]);
  });
});
