import type { TakeEntry } from '../../../protocol/track-slice.ts';

/** When takes of the programme began, on the host's clock. */
export type TakeStart = Pick<TakeEntry, 'take' | 'atMs'>;

/** The programme's timeline as a track knows it. */
export interface ProgrammeTimeline {
  /** The take in which the track began, and all that began while it lasted, in that order. */
  takes: readonly [TakeStart, ...TakeStart[]];
  /** Where in the programme each take begins, in ms from its start; empty while nobody knows. */
  takeStartsMs: readonly number[];
}

/**
 * Where in the programme a moment is, in ms from its start. Takes lie end to end there, each as
 * long as its recorder made it, whatever time went by between them. One that the programme does
 * not know lies where the host's clock puts it after the track's first.
 */
export function programmeMs({ takes, takeStartsMs }: ProgrammeTimeline, hostMs: number): number {
  const [first] = takes;
  const { take, atMs } = takes.findLast((start) => start.atMs <= hostMs) ?? first;
  const startMs = takeStartsMs[take] ?? (takeStartsMs[first.take] ?? 0) + atMs - first.atMs;
  return startMs + hostMs - atMs;
}
