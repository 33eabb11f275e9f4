import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { dtlsProofText, MeshTicketClaims } from '../../protocol/identity.ts';
import { ROOM_LIMITS } from '../../protocol/rooms.ts';
import { isSigned, userIdOfKey } from '../identity/verify-signature.ts';
import { soleFingerprint } from './sdp.ts';

/** Clocks of the node and of this machine may differ by this much. */
const CLOCK_TOLERANCE_MS = 30_000;

/** What an offer or an answer says about its origin. */
export interface SignedDescription {
  roomId: string;
  from: string;
  to: string;
  ticket: string;
  proof: string;
  description: { sdp: string };
}

/** What it has to say. */
export interface ExpectedOrigin {
  roomId: string;
  /** The remote peer this connection is for. */
  from: string;
  /** Our own peer. */
  to: string;
  /** Whom the roster names as this peer. */
  userId: string;
}

export type RefusalCode =
  | 'ticket-invalid'
  | 'ticket-expired'
  | 'ticket-other-room'
  | 'ticket-other-peer'
  | 'ticket-other-member'
  | 'fingerprint-missing'
  | 'fingerprint-ambiguous'
  | 'fingerprint-weak'
  | 'fingerprint-unsigned';

export type Verification =
  | { ok: true; claims: MeshTicketClaims }
  | { ok: false; code: RefusalCode; sentence: string };

const SENTENCES: Record<RefusalCode, string> = {
  'ticket-invalid': 'was refused: their ticket was not signed by this room’s node.',
  'ticket-expired': 'was refused: their ticket has expired. They can leave and join again.',
  'ticket-other-room': 'was refused: their ticket is for another room.',
  'ticket-other-peer': 'was refused: their ticket belongs to another participant.',
  'ticket-other-member': 'was refused: their ticket names another member than the room does.',
  'fingerprint-missing': 'was refused: their connection carries no fingerprint.',
  'fingerprint-ambiguous': 'was refused: their connection carries several fingerprints.',
  'fingerprint-weak': 'was refused: their connection’s fingerprint can be forged.',
  'fingerprint-unsigned':
    'was refused: their connection was not signed by their own key. Somebody may be in between.',
};

/**
 * Decides whether a description may reach the browser: its ticket is from the room's node, is
 * valid now, and is for this room, peer and member; and the one DTLS fingerprint in its SDP is
 * signed with the key the ticket names (protocol, "Trust among peers").
 *
 * @param nodeKeys resolves the node's keys, see `createNodeKeys`.
 * @param nowMs the node's time, in milliseconds since the epoch.
 */
export async function verifyDescription(
  message: SignedDescription,
  expected: ExpectedOrigin,
  nodeKeys: JWTVerifyGetKey,
  nowMs: number,
): Promise<Verification> {
  const ticket = await readTicket(message.ticket, nodeKeys, nowMs);
  if ('code' in ticket) return refused(ticket.code);
  const { claims } = ticket;
  if (claims.room !== expected.roomId || message.roomId !== expected.roomId) {
    return refused('ticket-other-room');
  }
  if (claims.peer !== expected.from || message.from !== expected.from) {
    return refused('ticket-other-peer');
  }
  if (message.to !== expected.to) return refused('ticket-other-peer');
  if (claims.sub !== expected.userId || (await userIdOfKey(claims.jkt)) !== claims.sub) {
    return refused('ticket-other-member');
  }
  const sdp = soleFingerprint(message.description.sdp);
  if ('problem' in sdp) return refused(`fingerprint-${sdp.problem}`);
  const text = dtlsProofText({
    roomId: expected.roomId,
    from: expected.from,
    to: expected.to,
    fingerprint: sdp.fingerprint,
  });
  if (!(await isSigned(text, message.proof, claims.jkt))) return refused('fingerprint-unsigned');
  return { ok: true, claims };
}

async function readTicket(
  ticket: string,
  nodeKeys: JWTVerifyGetKey,
  nowMs: number,
): Promise<{ claims: MeshTicketClaims } | { code: RefusalCode }> {
  try {
    const { payload } = await jwtVerify(ticket, nodeKeys, {
      algorithms: ['EdDSA'],
      clockTolerance: CLOCK_TOLERANCE_MS / 1000,
      currentDate: new Date(nowMs),
    });
    const claims = MeshTicketClaims.safeParse(payload);
    if (!claims.success) return { code: 'ticket-invalid' };
    const latestMs = nowMs + ROOM_LIMITS.meshTicketLifetimeMs + CLOCK_TOLERANCE_MS;
    if (claims.data.exp * 1000 > latestMs) return { code: 'ticket-invalid' };
    return { claims: claims.data };
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { code: 'ticket-expired' };
    if (error instanceof errors.JOSEError) return { code: 'ticket-invalid' };
    throw error;
  }
}

function refused(code: RefusalCode): Verification {
  return { ok: false, code, sentence: SENTENCES[code] };
}
