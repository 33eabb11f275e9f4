/** The programme went on at that moment, after so much time in all in which it stood still. */
export interface Resumption {
  /** ms since the epoch, on the host's clock. */
  atMs: number;
  pausedMs: number;
}

/** The programme's timeline as a track knows it. */
export interface ProgrammeTimeline {
  /** ms since the epoch, on the host's clock. */
  startedAtMs: number;
  /** How long it had been paused when the track began. */
  pausedMs: number;
  /** In the order in which they happened. */
  resumptions: readonly Resumption[];
}

/** Where in the programme a moment is, in ms from its start: pauses take no time there. */
export function programmeMs(timeline: ProgrammeTimeline, hostMs: number): number {
  const last = timeline.resumptions.findLast(({ atMs }) => atMs <= hostMs);
  return hostMs - timeline.startedAtMs - (last?.pausedMs ?? timeline.pausedMs);
}
