import { describe, expect, test } from 'vitest';
import { keptLonger } from '../../../renderer/replay/retention.ts';
import { byteSize, clockDuration } from '../../../renderer/ui/duration.ts';
import { dateOf, relativeTime } from '../../../renderer/ui/relative-time.ts';

const NOW = Date.UTC(2026, 5, 15, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ago = (ms: number) => relativeTime(NOW - ms, NOW, 'en');

describe('how long ago something was', () => {
  test.each([
    [5_000, 'now'],
    [3 * MINUTE, '3 min. ago'],
    [59.6 * MINUTE, '1 hr. ago'],
    [5 * HOUR, '5 hr. ago'],
    [23.6 * HOUR, 'yesterday'],
    [3 * DAY, '3 days ago'],
  ])('%d ms ago', (ms, words) => {
    expect(ago(ms)).toBe(words);
  });

  test('something to come is ahead', () => {
    expect(relativeTime(NOW + 2 * HOUR, NOW, 'en')).toBe('in 2 hr.');
  });

  test('past a week it is a date, with the year only where it is another', () => {
    expect(ago(10 * DAY)).toBe('Jun 5');
    expect(dateOf(Date.UTC(2025, 11, 31, 12), NOW, 'en')).toBe('Dec 31, 2025');
  });
});

describe('how long and how large', () => {
  test.each([
    [0, '0:00'],
    [7_900, '0:07'],
    [754_000, '12:34'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('%d ms on a clock', (ms, words) => {
    expect(clockDuration(ms)).toBe(words);
  });

  test.each([
    [0, '0 kB'],
    [666_400, '666 kB'],
    [1_400_000, '1.4 MB'],
    [4_200_000_000, '4.2 GB'],
  ])('%d bytes', (bytes, words) => {
    expect(byteSize(bytes)).toBe(words);
  });
});

describe('keeping a replay longer', () => {
  test('adds thirty days to what is left', () => {
    expect(keptLonger('2026-06-20T12:00:00.000Z', NOW)).toBe('2026-07-20T12:00:00.000Z');
  });

  test('counts from now where nothing is left', () => {
    expect(keptLonger('2026-06-01T12:00:00.000Z', NOW)).toBe('2026-07-15T12:00:00.000Z');
  });
});
