import { expect, it } from 'vitest';
import { TakeClock } from '../../../main/recording/takes/take-clock.ts';
import { RecordingTroubles } from '../../../main/recording/watch/recording-troubles.ts';

function troubles() {
  const told: (string | undefined)[] = [];
  let nowMs = 0;
  const shown = new RecordingTroubles(
    () => nowMs++,
    (trouble) => told.push(trouble?.code),
  );
  return { told, shown };
}

it('people are told the gravest trouble, and what is left once it is over', () => {
  const { told, shown } = troubles();
  shown.raise('storage-low');
  shown.raise('storage-full');
  shown.raise('packaging-restarting');
  shown.clear('storage-full');
  shown.clear('packaging-restarting', 'storage-low');
  expect(told).toEqual([...['storage-low', 'storage-full', 'packaging-restarting'], undefined]);
});

it('people are not told the same twice', () => {
  const { told, shown } = troubles();
  shown.raise('storage-low', 'About 9 min.');
  shown.raise('storage-low', 'About 9 min.');
  shown.raise('storage-low', 'About 8 min.');
  shown.clear('storage-full');
  expect(told).toEqual(['storage-low', 'storage-low']);
});

it('captured time goes from take to take and leaves pauses out', () => {
  const clock = new TakeClock();
  const begin = Buffer.from('1a45dfa3', 'hex');
  clock.noteSlice(begin, 1_000);
  clock.noteSlice(Buffer.from('x'), 3_000);
  clock.noteSlice(begin, 60_000);
  expect(clock.capturedMs).toBe(2_000);
  clock.noteSlice(Buffer.from('x'), 60_400);
  expect(clock.capturedMs).toBe(2_400);
  // A clock that was set back takes nothing away.
  clock.noteSlice(Buffer.from('x'), 0);
  expect(clock.capturedMs).toBe(2_400);
});
