import type { LinkSample } from '../../rooms/link-sample.ts';

/** What is kept of a connection: a minute shows whether a trouble comes and goes. */
export const HISTORY_MS = 60_000;

/** Oldest first; nothing older than {@link HISTORY_MS} before the newest. */
export type LinkHistory = readonly LinkSample[];

/** A moment of one figure. */
export interface Point {
  atMs: number;
  value: number;
}

/** The figures that are charted and judged. */
export type Figure = 'roundTripMs' | 'lossShare' | 'jitterMs' | 'receiveBits' | 'sendBits';

export const FIGURES: readonly Figure[] = [
  'roundTripMs',
  'lossShare',
  'jitterMs',
  'receiveBits',
  'sendBits',
];

/** The history with one more sample. A clock that went back starts it anew. */
export function withSample(history: LinkHistory, sample: LinkSample): LinkHistory {
  const last = history.at(-1);
  if (last && sample.atMs < last.atMs) return [sample];
  return [...history.filter(({ atMs }) => sample.atMs - atMs <= HISTORY_MS), sample];
}

/** One figure over the minute, where it was known. */
export function pointsOf(history: LinkHistory, figure: Figure): readonly Point[] {
  return history.flatMap((sample) => {
    const value = figureOf(sample, figure);
    return value === undefined ? [] : [{ atMs: sample.atMs, value }];
  });
}

/**
 * One figure of a sample. Loss and jitter are the worse of both directions: what we lose is seen
 * here, what they lose is told by their reports (RFC 3550 section 6.4.1).
 */
export function figureOf(sample: LinkSample, figure: Figure): number | undefined {
  const sent = [sample.sent.audio, sample.sent.video];
  switch (figure) {
    case 'roundTripMs':
      return sample.roundTripMs;
    case 'lossShare':
      return worst([sample.lossShare, ...sent.map((stream) => stream?.lossShare)]);
    case 'jitterMs':
      return worst([sample.jitterMs, ...sent.map((stream) => stream?.jitterMs)]);
    case 'receiveBits':
      return sample.receiveBitsPerSecond;
    case 'sendBits':
      return sample.sendBitsPerSecond;
  }
}

function worst(values: readonly (number | undefined)[]): number | undefined {
  const numbers = values.filter((value) => value !== undefined);
  return numbers.length > 0 ? Math.max(...numbers) : undefined;
}
