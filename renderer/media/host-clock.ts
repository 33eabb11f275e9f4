/** This thread's clock in ms since the epoch: it never jumps, and agrees with the page's. */
export function hostClockMs(): number {
  return performance.timeOrigin + performance.now();
}
