const DELAYS_MS = [0, 250, 500, 1000, 2000] as const;

/**
 * How long to wait before another take is begun in place of one that broke; `undefined` to give up.
 *
 * @param failures takes in a row that delivered nothing, 0 or more
 */
export function takeRestartDelayMs(failures: number): number | undefined {
  return DELAYS_MS[failures];
}
