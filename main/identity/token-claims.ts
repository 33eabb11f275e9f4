import { z } from 'zod';
import { PublicKey } from '../../protocol/encoding.ts';
import { DisplayName, Handle, MeshTicketClaims, Scope, UserId } from '../../protocol/identity.ts';
import { Role } from '../../protocol/rooms.ts';

/**
 * What the node signs. Each kind has its own `typ` (RFC 8725 section 3.11) and its own audience,
 * so that one can never be used as another.
 */
export const TOKEN_KINDS = {
  session: { typ: 'swarm-session+jwt', audience: 'swarm:session' },
  meshTicket: { typ: 'swarm-mesh-ticket+jwt', audience: 'swarm:mesh' },
  invite: { typ: 'swarm-invite+jwt', audience: 'swarm:invite' },
} as const;

export type TokenKind = keyof typeof TOKEN_KINDS;

export const SessionClaims = z.object({
  sub: UserId,
  jkt: PublicKey,
  handle: Handle,
  name: DisplayName,
  scopes: z.array(Scope),
  guest: z.boolean(),
  /** Seconds since the epoch. */
  exp: z.number(),
});
export type SessionClaims = z.infer<typeof SessionClaims>;

export const InviteClaims = z.object({
  /** The invite's id: its state is kept by the room. */
  jti: z.string(),
  room: z.string(),
  role: Role.exclude(['host']),
  exp: z.number(),
});
export type InviteClaims = z.infer<typeof InviteClaims>;

export const CLAIMS = {
  session: SessionClaims,
  meshTicket: MeshTicketClaims,
  invite: InviteClaims,
} as const;
