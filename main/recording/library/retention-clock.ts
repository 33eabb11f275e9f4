const DAY_MS = 24 * 60 * 60 * 1000;

/** While the studio runs, the clock may get ahead of the time that passed by a sleep this long. */
export const LONGEST_SLEEP_MS = 7 * DAY_MS;
/** Between two starts: somebody who comes once a month is not somebody whose clock is wrong. */
export const LONGEST_ABSENCE_MS = 45 * DAY_MS;

/** What a clock was when it was last looked at. */
export interface ClockSighting {
  /** Milliseconds since the epoch by the system's clock. */
  wallMs: number;
  /** Milliseconds by a clock that nobody sets; absent when it was another process that looked. */
  steadyMs?: number | undefined;
}

/** One of this process. */
export interface OwnClockSighting extends ClockSighting {
  steadyMs: number;
}

/**
 * Whether the clock can't be believed, so that nothing may be deleted because its time is up: it
 * has moved much further than time has passed. A clock that goes back deletes nothing by itself,
 * and when it is put right again that is a jump ahead.
 */
export function hasJumpedAhead(before: ClockSighting, now: OwnClockSighting): boolean {
  const passedMs = now.wallMs - before.wallMs;
  return before.steadyMs === undefined
    ? passedMs > LONGEST_ABSENCE_MS
    : passedMs - (now.steadyMs - before.steadyMs) > LONGEST_SLEEP_MS;
}

/**
 * Until when deletions by date are put off. After a jump everything is kept once more as long as
 * a new recording would be; a clock that goes back takes such a time back with it.
 */
export function heldUntil(
  heldBeforeMs: number,
  jumpedAhead: boolean,
  nowMs: number,
  retentionMs: number,
): number {
  const longestMs = nowMs + retentionMs;
  return jumpedAhead ? longestMs : Math.min(heldBeforeMs, longestMs);
}
