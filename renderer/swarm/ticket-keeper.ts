import type { SwarmTicket } from '../../protocol/swarm.ts';

/** A ticket is asked for anew when this little is left of it. */
const MARGIN_MS = 60_000;
/** A clock that finds a fresh ticket to last longer than this is wrong. */
const LONGEST_MS = 10 * 60_000;

/** Keeps one valid ticket of this window, always for the same peer. */
export class TicketKeeper {
  readonly #fetch: (last: string | undefined) => Promise<SwarmTicket>;
  readonly #now: () => number;
  #held: { ticket: SwarmTicket; renewAtMs: number } | undefined;
  #asking: Promise<SwarmTicket> | undefined;

  /** @param fetch asks the node, with the last ticket's token. */
  constructor(
    fetch: (last: string | undefined) => Promise<SwarmTicket>,
    now: () => number = () => Date.now(),
  ) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Rejects with the node's refusal, or where it can't be reached. */
  ticket(): Promise<SwarmTicket> {
    if (this.#held && this.#now() < this.#held.renewAtMs) return Promise.resolve(this.#held.ticket);
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<SwarmTicket> {
    const ticket = await this.#fetch(this.#held?.ticket.token);
    const leftMs = Date.parse(ticket.expiresAt) - this.#now();
    // By this clock it may have run out already, or last for years: then it is renewed in a minute.
    const plausible = leftMs > 0 && leftMs <= LONGEST_MS;
    const renewInMs = plausible ? Math.max(0, leftMs - MARGIN_MS) : MARGIN_MS;
    this.#held = { ticket, renewAtMs: this.#now() + renewInMs };
    return ticket;
  }
}
