import type { ModeratedSelf } from '../../rooms/streaming.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long a mute may last. */
export const MUTE_LIMITS = [
  { value: '5', label: 'For 5 minutes' },
  { value: '15', label: 'For 15 minutes' },
  { value: 'lifted', label: 'Until I lift it' },
] as const;
export type MuteLimit = (typeof MUTE_LIMITS)[number]['value'];

/** Milliseconds, or `undefined` for no limit. */
export function muteDurationMs(limit: MuteLimit): number | undefined {
  return limit === 'lifted' ? undefined : Number(limit) * MINUTE_MS;
}

/** How long a ban may last. */
export const BAN_LIMITS = [
  { value: '600', label: '10 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: 'room', label: 'As long as this room exists' },
] as const;
export type BanLimit = (typeof BAN_LIMITS)[number]['value'];

/** Seconds, or `undefined` for no limit. */
export function banDurationS(limit: BanLimit): number | undefined {
  return limit === 'room' ? undefined : Number(limit);
}

/** A time of day, with the date where it is not within a day. @param until ISO 8601. */
export function untilWords(until: string, nowMs: number, locale?: string): string {
  const atMs = Date.parse(until);
  return new Intl.DateTimeFormat(locale, {
    hour: 'numeric',
    minute: '2-digit',
    ...(atMs - nowMs >= DAY_MS && { day: 'numeric', month: 'short' }),
  }).format(atMs);
}

/** What a muted person is told, e.g. `A moderator muted your microphone until 12:40: echo.` */
export function heldWords(
  kind: 'audio' | 'video',
  held: ModeratedSelf,
  nowMs: number,
  locale?: string,
): string {
  const what =
    kind === 'audio' ? 'A moderator muted your microphone' : 'A moderator turned your camera off';
  return `${what}${aboutWords(held, nowMs, locale)}`;
}

/** Limit and reason, ready to follow a clause: ` until 12:40: echo.` or just `.` */
export function aboutWords(
  { until, reason }: ModeratedSelf,
  nowMs: number,
  locale?: string,
): string {
  const limit = until === undefined ? '' : ` until ${untilWords(until, nowMs, locale)}`;
  if (!reason) return `${limit}.`;
  return `${limit}: ${reason}${/[.!?…]$/u.test(reason) ? '' : '.'}`;
}

/** What somebody is told whose mute was lifted, or is over. `off`: by their own choice. */
export function liftedWords(kind: 'audio' | 'video', off: boolean): string {
  if (kind === 'audio') {
    return off
      ? 'The mute was lifted: you may switch your microphone on again.'
      : 'The mute was lifted. Your microphone is on again.';
  }
  return off
    ? 'You may turn your camera on again.'
    : 'A moderator allows your camera again. It is on.';
}
