import { describe, expect, it } from 'vitest';
import { momentParts } from '../../../protocol/moment.ts';

describe('times in a text', () => {
  it.each<[string, Record<string, number>]>([
    ['at 1:23, and at 1:02:03!', { '1:23': 83, '1:02:03': 3723 }],
    ['0:00 begins', { '0:00': 0 }],
    ['(12:05)', { '12:05': 725 }],
    ['a score of 3:7, a ratio of 1:2:3', {}],
    ['1:75 and 2001:db8:12:34', {}],
    ['10.1:23 and 1:23:45:67', {}],
  ])('of "%s"', (text, expected) => {
    const parts = momentParts(text);
    expect(parts.map((part) => part.text).join('')).toBe(text);
    const times = parts.flatMap(({ text: words, seconds }) =>
      seconds === undefined ? [] : [[words, seconds] as const],
    );
    expect(Object.fromEntries(times)).toEqual(expected);
  });
});
