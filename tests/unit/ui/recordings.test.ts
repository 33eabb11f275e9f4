import { describe, expect, it } from 'vitest';
import type { LibraryEntry, LibraryJob } from '../../../protocol/recording-library.ts';
import {
  NO_PAGES,
  PAGE_ROWS,
  pageOffsets,
  withEntry,
  withPage,
} from '../../../renderer/recordings/library-pages.ts';
import {
  goingWords,
  hashWords,
  jobWords,
  keptWords,
  usedWords,
} from '../../../renderer/recordings/library-words.ts';
import { readLimits } from '../../../renderer/recordings/limits-form.ts';

const NOW = Date.UTC(2026, 0, 31);

function entry(overrides: Partial<LibraryEntry> = {}): LibraryEntry {
  return {
    recordingId: 'rec_0123456789',
    roomId: 'room_0123456789abcdef',
    title: 'Evening',
    visibility: 'public',
    state: 'ready',
    startedAt: '2026-01-30T19:00:00.000Z',
    durationMs: 60_000,
    sizeBytes: 1000,
    retainUntil: '2026-03-01T12:00:00.000Z',
    pinned: false,
    recovered: false,
    hash: { state: 'unchecked' },
    ...overrides,
  };
}

describe('a list that comes page by page', () => {
  it('asks for the pages of the rows in sight, and none past the end', () => {
    expect(pageOffsets(10_000, 150, 210)).toEqual([PAGE_ROWS, 2 * PAGE_ROWS]);
    expect(pageOffsets(120, 90, 400)).toEqual([0, PAGE_ROWS]);
    expect(pageOffsets(0, 0, 20)).toEqual([]);
  });

  it('keeps what it has while a page comes, and forgets it when rows came or went', () => {
    const first = withPage(NO_PAGES, 0, { total: 250, entries: [entry()] });
    const both = withPage(first, 100, { total: 250, entries: [entry({ title: 'Late' })] });
    expect([both.entries.get(0)?.title, both.entries.get(100)?.title]).toEqual(['Evening', 'Late']);
    const fewer = withPage(both, 0, { total: 249, entries: [entry({ title: 'New' })] });
    expect([...fewer.entries.keys()]).toEqual([0]);
  });

  it('shows a change where the recording is, and nowhere else', () => {
    const pages = withPage(NO_PAGES, 0, { total: 1, entries: [entry()] });
    expect(withEntry(pages, entry({ pinned: true })).entries.get(0)?.pinned).toBe(true);
    expect(withEntry(pages, entry({ recordingId: 'rec_unknown000' }))).toBe(pages);
  });
});

describe('the words about a recording', () => {
  it('say until when it is kept', () => {
    expect(keptWords(entry(), NOW)).toMatch(/^Kept until .*1/);
    expect(keptWords(entry({ pinned: true }), NOW)).toBe('Kept for good');
    expect(keptWords(entry({ state: 'failed', pinned: true }), NOW)).toBe('No replay, bytes kept');
  });

  it('say what a check found', () => {
    const checkedAt = '2026-01-30T12:00:00.000Z';
    expect(hashWords({ state: 'unchecked' }, NOW)).toBe('Not checked yet');
    expect(hashWords({ state: 'intact', checkedAt }, NOW)).toContain('as recorded');
    const problems = [{ file: 'init.mp4', reason: 'is missing' }];
    expect(hashWords({ state: 'damaged', checkedAt, problems, problemCount: 3 }, NOW)).toContain(
      '3 files are not as recorded',
    );
  });

  it('say how much there is and what goes', () => {
    expect(usedWords(1, 2_000_000, undefined)).toBe('1 recording, 2.0 MB');
    expect(usedWords(12, 3.4e9, 50)).toBe('12 recordings, 3.4 GB of 50 GB');
    const goes = Array.from({ length: 7 }, (_, n) => ({ recordingId: 'rec_x', title: `E${n}` }));
    expect(goingWords({ goes, freesBytes: 1e9 })).toContain('“E4” and 2 more');
  });

  it('say what a job does', () => {
    const job: LibraryJob = {
      ...{ jobId: 'job_1', kind: 'export', recordingId: 'rec_0123456789', title: 'Evening' },
      ...{ state: 'waiting', progress: 0 },
    };
    expect(jobWords(job)).toBe('“Evening” waits to be exported');
    expect(jobWords({ ...job, kind: 'verify', state: 'running' })).toBe('Checking “Evening”');
  });
});

describe('limits as they are typed', () => {
  it.each([
    ['30', '', { retentionDays: 30, quotaGb: null }],
    [' 7 ', '0,5', { retentionDays: 7, quotaGb: 0.5 }],
  ])('%j and %j are understood', (days, quota, value) => {
    expect(readLimits(days, quota)).toEqual({ value, problems: {} });
  });

  it.each([
    ['0', '', 'retentionDays'],
    ['', '', 'retentionDays'],
    ['2.5', '', 'retentionDays'],
    ['30', '-1', 'quotaGb'],
    ['30', 'much', 'quotaGb'],
  ] as const)('%j and %j are not, and the field says so', (days, quota, field) => {
    const { value, problems } = readLimits(days, quota);
    expect(value).toBeUndefined();
    expect(problems[field]).toBeDefined();
  });
});
