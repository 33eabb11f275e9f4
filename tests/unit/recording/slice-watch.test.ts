import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RecordingTroubles } from '../../../main/recording/watch/recording-troubles.ts';
import { SliceWatch } from '../../../main/recording/watch/slice-watch.ts';
import { ProtocolError } from '../../../protocol/errors.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const told: (string | undefined)[] = [];
  const watch = new SliceWatch(
    new RecordingTroubles(Date.now, (trouble) => told.push(trouble?.code)),
  );
  return { told, watch };
}

const written = () => Promise.resolve();

it('slices that stay away are missed within 2 s, and no more once one comes', async () => {
  const { told, watch } = watched();
  await watch.during(written);
  vi.advanceTimersByTime(1_700);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(299);
  expect(told).toEqual(['recorder-silent']);
  await watch.during(written);
  expect(told).toEqual(['recorder-silent', undefined]);
});

it('slices are not missed in a pause nor after the end', async () => {
  const { told, watch } = watched();
  await watch.during(written);
  watch.setPaused(true);
  // The last one of the take that was paused.
  await watch.during(written);
  vi.advanceTimersByTime(60_000);
  watch.setPaused(false);
  watch.end();
  vi.advanceTimersByTime(60_000);
  expect(told).toEqual([]);
});

it('a disk that takes long is told apart from a window that is silent', async () => {
  const { told, watch } = watched();
  const disk = Promise.withResolvers<void>();
  const done = watch.during(() => disk.promise);
  vi.advanceTimersByTime(1_000);
  const next = watch.during(written);
  vi.advanceTimersByTime(900);
  expect(told).toEqual(['storage-slow']);
  disk.resolve();
  await Promise.all([done, next]);
  expect(told).toEqual(['storage-slow', undefined]);
});

it('a full disk is told until it takes a slice again', async () => {
  const { told, watch } = watched();
  const full = new ProtocolError('storage-full', 'The disk is full.');
  await expect(watch.during(() => Promise.reject(full))).rejects.toBe(full);
  await watch.during(written);
  expect(told).toEqual(['storage-full', undefined]);
});
