import { describe, expect, it } from 'vitest';
import { defaultRetainUntil, isDue } from '../../../main/recording/library/retention.ts';
import { restartDelayMs } from '../../../main/recording/packaging/restart-policy.ts';
import { storageProblem } from '../../../main/recording/watch/storage-problem.ts';

describe('starting ffmpeg again', () => {
  it('happens at once the first time, then with growing patience, never giving up while live', () => {
    expect([1, 2, 3, 4].map((failures) => restartDelayMs(failures, true))).toEqual([
      0, 250, 500, 1000,
    ]);
    expect(restartDelayMs(1000, true)).toBe(60_000);
  });

  it('ends after three attempts once the recording has stopped', () => {
    expect([1, 2, 3].map((failures) => restartDelayMs(failures, false))).toEqual([0, 0, undefined]);
  });
});

describe('a recording is due', () => {
  const ready = { state: 'ready', pinned: false, retainUntilMs: 1000 } as const;

  it('when its time has come', () => {
    expect(isDue(ready, 999)).toBe(false);
    expect(isDue(ready, 1000)).toBe(true);
  });

  it('never while it is pinned, running, failed or gone', () => {
    expect(isDue({ ...ready, pinned: true }, 2000)).toBe(false);
    for (const state of ['recording', 'finalizing', 'failed', 'expired'] as const) {
      expect(isDue({ ...ready, state }, 2000)).toBe(false);
    }
  });

  it('after the days that were asked for', () => {
    expect(defaultRetainUntil(0, 30)).toBe(2_592_000_000);
  });
});

describe('what is said when writing failed', () => {
  const failed = (code: string) =>
    storageProblem(Object.assign(new Error(code), { code }), '/data');

  it('names the folder and what to do', () => {
    expect(failed('ENOSPC')).toMatchObject({
      code: 'storage-full',
      message: expect.stringMatching(/\/data is full.*free some space/),
    });
    expect(failed('EROFS')).toMatchObject({
      code: 'storage-unwritable',
      message: expect.stringContaining('read-only'),
    });
    expect(failed('EACCES')).toMatchObject({ code: 'storage-unwritable' });
  });

  it('is left alone where storage has nothing to do with it', () => {
    const error = new TypeError('something else');
    expect(storageProblem(error, '/data')).toBe(error);
    expect(failed('ECONNRESET')).not.toMatchObject({ code: 'storage-full' });
  });
});
