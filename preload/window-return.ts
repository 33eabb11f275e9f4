import { z } from 'zod';
import { BRIDGE_PROTOCOL } from './wire.ts';

/**
 * How a window of the browser host comes back to a studio that crashed and was started again. It
 * does not know the new start's secret, but has a key of its own from the former one. Neither key nor
 * secret is told to whoever answers at the old address before both sides have proved the key:
 *
 *     window  subprotocols `return.{windowNonce}` and `window.{windowId}`
 *     studio  {studioNonce, proof}     HMAC over `returnProofText('studio', …)`
 *     window  {proof}                  HMAC over `returnProofText('window', …)`
 *     studio  the greeting, with the new secret
 */
export interface ReturnExchange {
  /** Of the window's page, so that no other listener on this machine can pass proofs on. */
  origin: string;
  windowId: string;
  windowNonce: string;
  studioNonce: string;
}

/** What each side's HMAC-SHA-256 under the window's return key is over. */
export function returnProofText(side: 'studio' | 'window', exchange: ReturnExchange): string {
  const { origin, windowId, windowNonce, studioNonce } = exchange;
  return `swarm-window-return:v1\n${side}\n${origin}\n${windowId}\n${windowNonce}\n${studioNonce}`;
}

/** 16 to 64 random bytes, or a digest, as base64url without padding. */
const Bytes = z.string().regex(/^[A-Za-z0-9_-]{22,86}$/);

export const ReturnChallenge = z.object({ studioNonce: Bytes, proof: Bytes });
export const ReturnAnswer = z.object({ proof: Bytes });

/** The studio's first word to a window that may use it. */
export const Greeting = z.object({
  protocol: z.literal(BRIDGE_PROTOCOL),
  /** With which this window proves itself after a crash of the studio. */
  returnKey: Bytes,
  /** This start's secret, for a window that came back without it. */
  secret: Bytes.optional(),
});
export type Greeting = z.infer<typeof Greeting>;
