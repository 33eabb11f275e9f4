/** Offers that one peer may have open at a time; what comes on top is not passed on to it. */
const MAX_OPEN = 32;
/** After this nobody waits for an answer any more. */
const OPEN_MS = 60_000;

/** The offers a peer was sent and has not answered: only these it may answer, and once. */
export class OfferInbox {
  /** By offer, in the order in which they came. */
  readonly #open = new Map<string, number>();

  /** `false` when it is full, or when such an offer of this sender is open already. */
  put(offerId: string, from: string, nowMs: number): boolean {
    this.sweep(nowMs);
    const key = keyOf(offerId, from);
    if (this.#open.size >= MAX_OPEN || this.#open.has(key)) return false;
    this.#open.set(key, nowMs);
    return true;
  }

  /** Whether this offer of that peer was open; it is not any more. */
  take(offerId: string, from: string, nowMs: number): boolean {
    this.sweep(nowMs);
    return this.#open.delete(keyOf(offerId, from));
  }

  /** Forgets what is too old. */
  sweep(nowMs: number): void {
    for (const [key, atMs] of this.#open) {
      if (nowMs - atMs < OPEN_MS) return;
      this.#open.delete(key);
    }
  }
}

/** Peers choose their offers' ids: two of them may choose the same. */
function keyOf(offerId: string, from: string): string {
  return `${from}${offerId}`;
}
