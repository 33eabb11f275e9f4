import { ProtocolError } from '../../protocol/errors.ts';
import type { Session } from '../../protocol/identity.ts';
import { ROOM_LIMITS } from '../../protocol/rooms.ts';

/** A session is renewed when this little is left of it, so that no call meets an expired one. */
const RENEW_MARGIN_MS = 2 * 60_000;

/** Who the session is for. */
export interface SessionProfile {
  handle: string;
  displayName: string;
  guest: boolean;
}

export interface SessionKeeperOptions {
  /** Proves the key to the node, see `openSession`. */
  open(profile: SessionProfile): Promise<Session>;
  /** Asked at each opening; `undefined` while the person has not said who they are. */
  profile(): SessionProfile | undefined | Promise<SessionProfile | undefined>;
  /** Milliseconds of a clock that may be wrong but runs steadily. */
  now?: () => number;
}

/** Keeps one valid session: opens it when first needed, renews it before it runs out. */
export class SessionKeeper {
  readonly #options: SessionKeeperOptions;
  readonly #now: () => number;
  #held: { session: Session; renewAtMs: number } | undefined;
  #opening: Promise<Session> | undefined;
  #epoch = 0;

  constructor(options: SessionKeeperOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now());
  }

  /** What is held, valid or not; for the moment a page closes and nothing can be awaited. */
  get current(): Session | undefined {
    return this.#held?.session;
  }

  /** The session's JWT; `undefined` while the person has not said who they are. */
  async token(): Promise<string | undefined> {
    if (!this.#valid() && !this.#opening && !(await this.#options.profile())) return undefined;
    return (await this.session()).token;
  }

  /**
   * A valid session. Rejects with `auth-required` while nobody said who they are, or with the
   * node's refusal.
   */
  session(): Promise<Session> {
    const valid = this.#valid();
    if (valid) return Promise.resolve(valid);
    if (!this.#opening) {
      const opening = this.#open().finally(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
      this.#opening = opening;
    }
    return this.#opening;
  }

  /** Milliseconds until the held session should be asked for anew; 0 without one. */
  renewInMs(): number {
    return this.#held ? Math.max(0, this.#held.renewAtMs - this.#now()) : 0;
  }

  /** Forgets the session: the profile changed, or the node refused it. The next call opens one. */
  reset(): void {
    this.#epoch++;
    this.#held = undefined;
    this.#opening = undefined;
  }

  #valid(): Session | undefined {
    return this.#held && this.#now() < this.#held.renewAtMs ? this.#held.session : undefined;
  }

  async #open(): Promise<Session> {
    const epoch = this.#epoch;
    const profile = await this.#options.profile();
    if (!profile) {
      throw new ProtocolError('auth-required', 'Say who you are first: enter a name, then retry.');
    }
    const session = await this.#options.open(profile);
    // Forgotten meanwhile: this one was opened for a former profile.
    if (epoch !== this.#epoch) return this.session();
    const lifetimeMs = sessionLifetimeMs(session, this.#now());
    // A lifetime shorter than twice the margin is renewed at its half.
    const renewAfterMs = Math.max(lifetimeMs - RENEW_MARGIN_MS, lifetimeMs / 2);
    this.#held = { session, renewAtMs: this.#now() + renewAfterMs };
    return session;
  }
}

/**
 * How long a fresh session lasts, in milliseconds. Where this machine's clock can't be right
 * (already expired, or longer than any session), the protocol's figure is taken.
 */
export function sessionLifetimeMs(session: Pick<Session, 'expiresAt'>, nowMs: number): number {
  const byClockMs = Date.parse(session.expiresAt) - nowMs;
  const plausible = byClockMs > 0 && byClockMs <= ROOM_LIMITS.sessionLifetimeMs;
  return plausible ? byClockMs : ROOM_LIMITS.sessionLifetimeMs;
}
