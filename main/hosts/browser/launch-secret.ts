import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How long a window that the studio opens itself has to arrive. */
const OPENING_MS = 60_000;

/** The secret of one start of the studio: who has it controls the studio. */
export class LaunchSecret {
  /** 256 random bits as base64url, so that it is a token in an address and in a subprotocol. */
  readonly value = randomBytes(32).toString('base64url');
  readonly #openings = new Set<string>();

  /** In constant time. */
  matches(candidate: string): boolean {
    return timingSafeEqual(digest(candidate), digest(this.value));
  }

  /**
   * A key that can be exchanged for the secret once, soon: for a command line, which every user
   * of the machine can read.
   */
  newOpening(): string {
    const opening = randomBytes(32).toString('base64url');
    this.#openings.add(opening);
    setTimeout(() => this.#openings.delete(opening), OPENING_MS).unref();
    return opening;
  }

  /** `true` once per opening. */
  takeOpening(opening: string): boolean {
    return this.#openings.delete(opening);
  }
}

/** Of equal length whatever came, as `timingSafeEqual` demands. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
