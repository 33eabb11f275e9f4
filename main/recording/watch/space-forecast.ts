/**
 * Bytes a second that a recording takes until it is finished, when nothing was measured yet: once
 * in the journal and once in its segments, at the recorder's 2.5 Mbit/s and 128 kbit/s.
 */
export const USUAL_BYTES_PER_SECOND = (2 * (2_500_000 + 128_000)) / 8;

/** Over which it is judged how fast the disk fills, whoever fills it. */
const DRAIN_WINDOW_MS = 60_000;

/** Before that a rate says little. */
const SHORTEST_DRAIN_MS = 20_000;

/** Free space at a moment. */
export interface SpaceSample {
  atMs: number;
  freeBytes: number;
}

/**
 * How long there is space for, in ms.
 *
 * @param reserveBytes left alone: what it takes to finish a recording on a disk that fills up
 */
export function timeLeftMs(space: {
  freeBytes: number;
  reserveBytes: number;
  bytesPerSecond: number;
}): number {
  const usable = Math.max(0, space.freeBytes - space.reserveBytes);
  return (usable / space.bytesPerSecond) * 1000;
}

/** Bytes a second by which free space shrinks over the last minute; 0 where it grows. */
export function drainPerSecond(samples: readonly SpaceSample[]): number {
  const latest = samples.at(-1);
  if (!latest) return 0;
  const first = samples.find(({ atMs }) => latest.atMs - atMs <= DRAIN_WINDOW_MS);
  const sinceMs = latest.atMs - (first?.atMs ?? latest.atMs);
  if (!first || sinceMs < SHORTEST_DRAIN_MS) return 0;
  return Math.max(0, ((first.freeBytes - latest.freeBytes) / sinceMs) * 1000);
}

/** The samples that still count once there is another one. */
export function withSample(samples: readonly SpaceSample[], sample: SpaceSample): SpaceSample[] {
  const recent = samples.filter(
    ({ atMs }) => atMs <= sample.atMs && sample.atMs - atMs <= DRAIN_WINDOW_MS,
  );
  return [...recent, sample];
}
