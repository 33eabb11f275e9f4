import { randomBytes } from 'node:crypto';
import { nanoid } from 'nanoid';
import type { Challenge } from '../../protocol/identity.ts';
import { type Clock, isoTime } from '../clock.ts';
import { audienceMark } from './audience-mark.ts';

/** Long enough for a slow signer, short enough that a stolen answer is worth nothing. */
export const CHALLENGE_LIFETIME_MS = 60_000;

/** Past it the oldest goes: memory stays bounded whatever asks for challenges. */
export const MAX_CHALLENGES = 10_000;

interface Pending {
  publicKey: string;
  nonce: string;
  expiresAtMs: number;
}

/** Nonces that wait for a signature. Each can be answered once, by the key that asked. */
export class Challenges {
  readonly #pending = new Map<string, Pending>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param audience the node's origin as the client has it, for a nonce that names it. */
  issue(publicKey: string, audience?: string): Challenge {
    this.#makeRoom();
    const challengeId = `ch_${nanoid(16)}`;
    const mark = audience === undefined ? '' : audienceMark(audience);
    const nonce = `${randomBytes(32).toString('base64url')}${mark}`;
    const expiresAtMs = this.#clock() + CHALLENGE_LIFETIME_MS;
    this.#pending.set(challengeId, { publicKey, nonce, expiresAtMs });
    return { challengeId, nonce, expiresAt: isoTime(expiresAtMs) };
  }

  /** The nonce, once; `undefined` when unknown, answered before, too old or for another key. */
  take(challengeId: string, publicKey: string): string | undefined {
    const pending = this.#pending.get(challengeId);
    this.#pending.delete(challengeId);
    if (!pending || pending.publicKey !== publicKey) return undefined;
    return this.#clock() < pending.expiresAtMs ? pending.nonce : undefined;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** A Map keeps insertion order and all live equally long, so the first are the oldest. */
  #makeRoom(): void {
    const now = this.#clock();
    for (const [id, pending] of this.#pending) {
      if (pending.expiresAtMs > now && this.#pending.size < MAX_CHALLENGES) return;
      this.#pending.delete(id);
    }
  }
}
