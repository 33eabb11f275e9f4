import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { MeshTicketClaims } from '../../protocol/identity.ts';
import { ROOM_LIMITS } from '../../protocol/rooms.ts';

/** Clocks of the author, the node and this machine may differ by this much. */
export const CLOCK_TOLERANCE_MS = 30_000;

export type TicketProblem = 'ticket-invalid' | 'ticket-expired' | 'ticket-not-yet';

/**
 * Reads a mesh ticket under which something was signed at a time: one that has run out since then
 * was good. Rejects when the node's keys can't be fetched.
 *
 * @param atMs when it was signed
 */
export async function readTicketAt(
  ticket: string,
  nodeKeys: JWTVerifyGetKey,
  atMs: number,
): Promise<{ claims: MeshTicketClaims } | { code: TicketProblem }> {
  try {
    const { payload } = await jwtVerify(ticket, nodeKeys, {
      algorithms: ['EdDSA'],
      clockTolerance: CLOCK_TOLERANCE_MS / 1000,
      currentDate: new Date(atMs),
    });
    const claims = MeshTicketClaims.safeParse(payload);
    if (!claims.success) return { code: 'ticket-invalid' };
    const issuedMs = claims.data.exp * 1000 - ROOM_LIMITS.meshTicketLifetimeMs;
    if (atMs < issuedMs - CLOCK_TOLERANCE_MS) return { code: 'ticket-not-yet' };
    return { claims: claims.data };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { code: 'ticket-expired' };
    if (error instanceof errors.JOSEError) return { code: 'ticket-invalid' };
    throw error;
  }
}
