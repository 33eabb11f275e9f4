import { describe, expect, it } from 'vitest';
import { type SliceFailure, SliceQueue } from '../../../renderer/media/slice-queue.ts';

/** A disk that writes when the test says so. */
function disk(
  options: { maxWaiting?: number; maxBytes?: number; retryAfterMs?: () => number } = {},
) {
  const written: { seq: number; text: string }[] = [];
  const failures: SliceFailure[] = [];
  const totals: number[] = [];
  const gate = Promise.withResolvers<void>();
  let refusal: Error | undefined;
  let refused: (() => void) | undefined;
  const queue = new SliceQueue({
    ...options,
    append: async (seq, bytes) => {
      await gate.promise;
      if (refusal) {
        refused?.();
        throw refusal;
      }
      written.push({ seq, text: new TextDecoder().decode(bytes) });
    },
    written: (total) => totals.push(total),
    failed: (failure) => failures.push(failure),
  });
  return {
    queue,
    written,
    failures,
    totals,
    push: (...texts: string[]) => {
      for (const text of texts) queue.push(new Blob([text]));
    },
    open: () => gate.resolve(),
    refuse: (error: Error | undefined) => {
      refusal = error;
    },
    /** Resolves at the next refusal. */
    refused: () =>
      new Promise<void>((resolve) => {
        refused = resolve;
      }),
  };
}

describe('slices', () => {
  it('are written in order, one after the other, and counted', async () => {
    const { queue, written, totals, push, open } = disk();
    push('one', 'two', 'three');
    open();
    await queue.drained();
    expect(written).toEqual([
      { seq: 0, text: 'one' },
      { seq: 1, text: 'two' },
      { seq: 2, text: 'three' },
    ]);
    expect(totals).toEqual([3, 6, 11]);
  });

  it('that are empty make no gap', async () => {
    const { queue, written, push, open } = disk();
    push('', 'one', '', 'two');
    open();
    await queue.drained();
    expect(written.map(({ seq }) => seq)).toEqual([0, 1]);
  });

  it('larger than main takes at once are handed over in parts', async () => {
    const { queue, written, push, open } = disk({ maxBytes: 4 });
    push('abcdefghij');
    open();
    await queue.drained();
    expect(written.map(({ text }) => text)).toEqual(['abcd', 'efgh', 'ij']);
  });
});

describe('a disk that does not keep up', () => {
  it('ends the recording at the limit, and what was taken is still written', async () => {
    const { queue, written, failures, push, open } = disk({ maxWaiting: 3 });
    push('one', 'two', 'three');
    expect(failures).toEqual([]);
    push('four', 'five');
    expect(failures).toEqual([{ kind: 'overflow' }]);
    open();
    await queue.drained();
    expect(written.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  it('is forgiven when it catches up in time', async () => {
    const { queue, failures, push, open } = disk({ maxWaiting: 2 });
    push('one', 'two');
    open();
    await queue.drained();
    push('three', 'four');
    await queue.drained();
    expect(failures).toEqual([]);
  });
});

describe('a disk that is full for a while', () => {
  it('is asked again for the same slice until it takes it', async () => {
    const { queue, written, failures, push, open, refuse, refused } = disk({
      retryAfterMs: () => 1,
    });
    refuse(new Error('The disk is full.'));
    push('one', 'two');
    open();
    await refused();
    await refused();
    refuse(undefined);
    await queue.drained();
    expect(written.map(({ seq, text }) => `${seq} ${text}`)).toEqual(['0 one', '1 two']);
    expect(failures).toEqual([]);
  });

  it('ends the recording once too much waits, with the reason', async () => {
    const { queue, written, failures, push, open, refuse, refused } = disk({
      ...{ maxWaiting: 2, retryAfterMs: () => 1 },
    });
    const error = new Error('The disk is full.');
    refuse(error);
    push('one', 'two');
    open();
    await refused();
    await refused();
    push('three');
    await queue.drained();
    expect(written).toEqual([]);
    expect(failures).toEqual([{ kind: 'overflow', error }]);
  });
});

it('after a refused slice nothing more is written, so that there is no gap', async () => {
  const { queue, written, failures, push, open, refuse } = disk();
  const error = new Error('The disk is full.');
  refuse(error);
  push('one', 'two');
  open();
  await queue.drained();
  push('three');
  await queue.drained();
  expect(written).toEqual([]);
  expect(failures).toEqual([{ kind: 'refused', error }]);
});
