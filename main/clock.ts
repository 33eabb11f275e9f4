/** Milliseconds since the epoch; injected wherever time decides something, so tests can turn it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** ISO 8601 in UTC for a moment of a {@link Clock}. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
