/** A moment on a track's own clock, and when that was on the host's. */
export interface ClockPoint {
  /** Unwrapped RTP timestamp. */
  ticks: number;
  /** ms since the epoch. */
  atMs: number;
}

/** A stretch of a track in which its clock and the host's keep step. */
interface Stretch {
  fromTicks: number;
  /** Host's time at tick 0, in ms. */
  offsetMs: number;
  msPerTick: number;
}

/** Tells for any moment of a track when it was on the host's clock. */
export interface TrackClock {
  toHostMs(ticks: number): number;
  /** How much faster the sender's clock runs than the host's, in parts per million. */
  driftPpm: number;
  /** Half of all points are nearer than this to what the clock says, in ms. */
  errorMs: number;
}

/**
 * A clock that is off by more than this, for several points in a row, has jumped: a sender that
 * paused without its timestamps, or a receiver that waits longer since trouble on the path.
 */
const JUMP_MS = 120;
const POINTS_OF_A_JUMP = 3;

/** The drift of quartz shows after a while; before, jitter is more than it. */
const DRIFT_SPAN_MS = 60_000;
const DRIFT_POINTS = 20;
/** Quartz is within 100 ppm; what is beyond this is no drift. */
const MAX_DRIFT_PPM = 500;
/** Points that a slope is told from, at most: it takes the square of it. */
const MAX_SLOPE_POINTS = 120;

/**
 * Fits a track's clock to points that each say when a frame was heard or seen. They scatter by the
 * jitter buffer's work and the moment of asking; the fit is by medians, so that single ones do not
 * matter. Throws a `RangeError` without points.
 *
 * @param points in the order of `atMs`
 * @param arrivals when each frame came, in the same order: tells where between two points a jump was
 * @param clockRate ticks a second
 */
export function fitTrackClock(
  points: readonly ClockPoint[],
  arrivals: readonly ClockPoint[],
  clockRate: number,
): TrackClock {
  if (points.length === 0) throw new RangeError('A clock can not be told from no points.');
  const nominal = 1000 / clockRate;
  const runs = splitAtJumps(points, nominal);
  const longest = runs.reduce((a, b) => (spanMs(b) > spanMs(a) ? b : a));
  const msPerTick = slopeOf(longest, nominal);
  const stretches = runs.map((run, index): Stretch => {
    const offsetMs = median(run.map(({ ticks, atMs }) => atMs - ticks * msPerTick));
    const before = runs[index - 1]?.at(-1);
    const [first] = run;
    const fromTicks =
      before && first ? jumpBetween(before, first, arrivals, nominal) : Number.NEGATIVE_INFINITY;
    return { fromTicks, offsetMs, msPerTick };
  });
  const toHostMs = (ticks: number) => hostMs(stretches, ticks);
  return {
    toHostMs,
    driftPpm: (nominal / msPerTick - 1) * 1e6,
    errorMs: median(points.map(({ ticks, atMs }) => Math.abs(atMs - toHostMs(ticks)))),
  };
}

function hostMs(stretches: readonly Stretch[], ticks: number): number {
  const stretch = stretches.findLast(({ fromTicks }) => fromTicks <= ticks) ?? stretches[0];
  return stretch ? stretch.offsetMs + ticks * stretch.msPerTick : Number.NaN;
}

/** Runs of points between which the clock jumped. Lone points that are off, first ones too, belong to none. */
function splitAtJumps(points: readonly ClockPoint[], nominal: number): ClockPoint[][] {
  let run: ClockPoint[] = [];
  let off: ClockPoint[] = [];
  const runs = [run];
  for (const point of points) {
    const recent = run.slice(-5).map((known) => offsetOf(known, nominal));
    if (run.length === 0 || isNear(offsetOf(point, nominal), median(recent))) {
      run.push(point);
      off = [];
      continue;
    }
    const [first] = off;
    off =
      first && isNear(offsetOf(point, nominal), offsetOf(first, nominal))
        ? [...off, point]
        : [point];
    if (off.length < POINTS_OF_A_JUMP) continue;
    run = off;
    runs.push(run);
    off = [];
  }
  const [first, ...later] = runs;
  return later.length > 0 && first && first.length < POINTS_OF_A_JUMP ? later : runs;
}

/** The first frame after the jump, by when frames came; the first point after it else. */
function jumpBetween(
  before: ClockPoint,
  after: ClockPoint,
  arrivals: readonly ClockPoint[],
  nominal: number,
): number {
  const between = arrivals.filter(({ ticks }) => ticks > before.ticks && ticks <= after.ticks);
  const jump = offsetOf(after, nominal) - offsetOf(before, nominal);
  const [first] = between;
  if (!first) return after.ticks;
  const jumped = between.find(
    (frame) => (offsetOf(frame, nominal) - offsetOf(first, nominal)) / jump > 0.5,
  );
  // No frame between them came before the jump, or the frames came evenly and only waited longer.
  const [previous] = arrivals.filter(({ ticks }) => ticks <= before.ticks).slice(-1);
  const jumpedAtOnce =
    previous && (offsetOf(first, nominal) - offsetOf(previous, nominal)) / jump > 0.5;
  return jumpedAtOnce ? first.ticks : (jumped?.ticks ?? after.ticks);
}

/** Theil-Sen: the median of all pairs' slopes. */
function slopeOf(run: readonly ClockPoint[], nominal: number): number {
  if (run.length < DRIFT_POINTS || spanMs(run) < DRIFT_SPAN_MS) return nominal;
  const points = thinned(run);
  const slopes = points.flatMap((a, i) =>
    points.slice(i + 1).flatMap((b) => {
      // Near points say more of jitter than of drift.
      if (b.atMs - a.atMs < DRIFT_SPAN_MS / 2 || b.ticks <= a.ticks) return [];
      return [(b.atMs - a.atMs) / (b.ticks - a.ticks)];
    }),
  );
  const slope = slopes.length > 0 ? median(slopes) : nominal;
  return Math.abs(nominal / slope - 1) * 1e6 > MAX_DRIFT_PPM ? nominal : slope;
}

function thinned(run: readonly ClockPoint[]): ClockPoint[] {
  const step = Math.max(1, run.length / MAX_SLOPE_POINTS);
  return Array.from(
    { length: Math.ceil(run.length / step) },
    (_, i) => run[Math.floor(i * step)],
  ).filter((point) => point !== undefined);
}

function offsetOf({ ticks, atMs }: ClockPoint, nominal: number): number {
  return atMs - ticks * nominal;
}

function isNear(offset: number, other: number): boolean {
  return Math.abs(offset - other) <= JUMP_MS;
}

function spanMs(run: readonly ClockPoint[]): number {
  return (run.at(-1)?.atMs ?? 0) - (run[0]?.atMs ?? 0);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
