/** Attempts that may fail in a row once the recording has stopped. */
const LAST_ATTEMPTS = 3;
const LONGEST_DELAY_MS = 60_000;

/**
 * How long to wait before ffmpeg is started again from the journal; `undefined` to give up. While
 * the recording goes on there is no giving up: the journal keeps growing, and whatever is in
 * ffmpeg's way may go away.
 *
 * @param failures attempts in a row that ended without a new segment, at least 1
 */
export function restartDelayMs(failures: number, recording: boolean): number | undefined {
  if (!recording) return failures < LAST_ATTEMPTS ? 0 : undefined;
  return failures === 1 ? 0 : Math.min(LONGEST_DELAY_MS, 250 * 2 ** (failures - 2));
}
