const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long ago or ahead, in words: `now`, `5 min. ago`, `in 3 days`; past a week the date.
 * @param atMs,nowMs milliseconds since the epoch.
 */
export function relativeTime(atMs: number, nowMs: number, locale?: string): string {
  const distance = atMs - nowMs;
  const size = Math.abs(distance);
  if (size < 45_000)
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
  if (size >= 7 * DAY) return dateOf(atMs, nowMs, locale);
  const [unit, length] = stepFor(size);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  return format.format(Math.round(distance / length), unit);
}

function stepFor(size: number): [Intl.RelativeTimeFormatUnit, number] {
  if (size < 59.5 * MINUTE) return ['minute', MINUTE];
  if (size < 23.5 * HOUR) return ['hour', HOUR];
  return ['day', DAY];
}

/** A date as people write it, with the year only where it isn't this one. */
export function dateOf(atMs: number, nowMs: number, locale?: string): string {
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(!sameYear && { year: 'numeric' }),
  }).format(atMs);
}

/** Date and time in full, for titles. */
export function exactTime(atMs: number, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(atMs);
}
