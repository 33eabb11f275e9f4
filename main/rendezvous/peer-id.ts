import { nanoid } from 'nanoid';

/** Hexadecimal digits of a time in ms: enough until the year 2527. */
const TIME_DIGITS = 11;
const LATEST_MS = 16 ** TIME_DIGITS - 1;

/**
 * An id for somebody who comes in now. Of two peers the one whose id sorts first makes the offers
 * (protocol, "WebSocket"), and whoever comes in knows the roster at once, while the others have
 * yet to be told: so later ids sort before earlier ones.
 */
export function newPeerId(nowMs: number): string {
  const left = (LATEST_MS - nowMs).toString(16).padStart(TIME_DIGITS, '0');
  return `peer_${left}${nanoid(12)}`;
}
