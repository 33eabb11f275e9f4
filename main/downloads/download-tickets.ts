import { nanoid } from 'nanoid';
import type { Clock } from '../clock.ts';
import type { ReplayCaller } from '../replay/replay-access.ts';

/** A download that broke off can be taken up again for so long. */
export const TICKET_LIFE_MS = 60 * 60_000;
/** More, and the oldest go. */
const MOST_TICKETS = 1_000;

/** Who may fetch what: a browser that saves a file sends no session with it. */
export interface DownloadTicket {
  recordingId: string;
  caller: ReplayCaller;
  expiresAtMs: number;
}

/** Tickets that are given out, in memory: after a restart one asks again. */
export class DownloadTickets {
  readonly #clock: Clock;
  readonly #tickets = new Map<string, DownloadTicket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A ticket that nobody can guess, for an hour. */
  issue(recordingId: string, caller: ReplayCaller): string {
    const ticket = nanoid(24);
    for (const [oldest] of this.#tickets) {
      if (this.#tickets.size < MOST_TICKETS) break;
      this.#tickets.delete(oldest);
    }
    this.#tickets.set(ticket, {
      ...{ recordingId, caller },
      expiresAtMs: this.#clock() + TICKET_LIFE_MS,
    });
    return ticket;
  }

  /** `undefined` for one that is unknown or too old. */
  of(ticket: string): DownloadTicket | undefined {
    const found = this.#tickets.get(ticket);
    if (!found) return undefined;
    if (found.expiresAtMs > this.#clock()) return found;
    this.#tickets.delete(ticket);
    return undefined;
  }
}
