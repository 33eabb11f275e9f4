/** How long a signal waits for its peer's socket: longer than a reconnect usually takes. */
export const SIGNAL_WAIT_MS = 30_000;

/** What waits for one peer at most: an offer and its candidates from everybody in a full room. */
export const MAILBOX_BYTES = 512 * 1024;

interface Mailbox {
  letters: { text: string; at: number }[];
  sizeBytes: number;
}

/**
 * Keeps signals for participants whose socket is away for a moment: one that joined over REST and
 * is about to open it, or one that reconnects. Without it, an offer sent in that moment is lost
 * and two peers wait for each other.
 */
export class SignalMailbox {
  readonly #boxes = new Map<string, Mailbox>();

  /** Keeps a message for the peer; `false` when its box is full. */
  put(peerId: string, text: string, now: number): boolean {
    const box = this.#boxes.get(peerId) ?? { letters: [], sizeBytes: 0 };
    if (box.sizeBytes + text.length > MAILBOX_BYTES) return false;
    box.letters.push({ text, at: now });
    box.sizeBytes += text.length;
    this.#boxes.set(peerId, box);
    return true;
  }

  /** Hands over what is not too old, in order, and forgets it. */
  take(peerId: string, now: number): string[] {
    const box = this.#boxes.get(peerId);
    this.#boxes.delete(peerId);
    return (box?.letters ?? [])
      .filter((letter) => now - letter.at < SIGNAL_WAIT_MS)
      .map((letter) => letter.text);
  }

  /** Forgets boxes whose newest message is too old. */
  sweep(now: number): void {
    for (const [peerId, box] of this.#boxes) {
      const newest = box.letters.at(-1);
      if (!newest || now - newest.at >= SIGNAL_WAIT_MS) this.#boxes.delete(peerId);
    }
  }
}
