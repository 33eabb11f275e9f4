import { decodeJwt } from 'jose';
import type { SignalMessage } from '../../protocol/messages.ts';
import { ROOM_LIMITS } from '../../protocol/rooms.ts';
import type { Signer } from '../api/client.ts';
import type { NodeKeys } from './node-keys.ts';
import { type ExpectedOrigin, type Verification, verifyDescription } from './offer-verification.ts';
import { soleFingerprint } from './sdp.ts';

export type SignedMessage = Extract<SignalMessage, { ticket: string }>;

/** How descriptions are vouched for on the way out and checked on the way in. */
export interface MeshTrust {
  /** Ticket and proof for a description of our own. */
  vouch(origin: {
    roomId: string;
    from: string;
    to: string;
    sdp: string;
  }): Promise<{ ticket: string; proof: string }>;
  verify(message: SignedMessage, expected: ExpectedOrigin): Promise<Verification>;
}

/**
 * Trust as the protocol has it: tickets of the room's node, fingerprints signed by members.
 *
 * @param ticket our current mesh ticket.
 */
export function createMeshTrust(options: {
  signer: Pick<Signer, 'signFingerprint'>;
  nodeKeys: Pick<NodeKeys, 'resolve'>;
  ticket: () => string;
  now?: () => number;
}): MeshTrust {
  const now = options.now ?? (() => Date.now());
  const clockOffsetMs = nodeClockOffsetMs(options.ticket(), now());
  return {
    async vouch({ sdp, ...origin }) {
      const own = soleFingerprint(sdp);
      if ('problem' in own) throw new Error(`This browser’s fingerprint is ${own.problem}.`);
      const proof = await options.signer.signFingerprint({
        ...origin,
        fingerprint: own.fingerprint,
      });
      return { ticket: options.ticket(), proof };
    },
    verify: (message, expected) =>
      verifyDescription(message, expected, options.nodeKeys.resolve, now() + clockOffsetMs),
  };
}

/**
 * What to add to this machine's clock to have the node's. 0 where a ticket that the node has just
 * made looks valid; a clock that finds it expired or made in the future is plainly wrong.
 */
export function nodeClockOffsetMs(freshTicket: string, nowMs: number): number {
  const { exp } = decodeJwt(freshTicket);
  if (exp === undefined) return 0;
  const leftMs = exp * 1000 - nowMs;
  const plausible = leftMs > 0 && leftMs <= ROOM_LIMITS.meshTicketLifetimeMs;
  return plausible ? 0 : leftMs - ROOM_LIMITS.meshTicketLifetimeMs;
}
