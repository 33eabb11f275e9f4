import { DEFAULT_RETENTION_DAYS } from '../../protocol/recordings.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * Another {@link DEFAULT_RETENTION_DAYS} days on top of what is left.
 * @param retainUntil ISO 8601. @returns ISO 8601, UTC.
 */
export function keptLonger(retainUntil: string, nowMs: number): string {
  const fromMs = Math.max(Date.parse(retainUntil), nowMs);
  return new Date(fromMs + DEFAULT_RETENTION_DAYS * DAY_MS).toISOString();
}
