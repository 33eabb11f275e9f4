import { z } from 'zod';
import { PublicKey } from '../../protocol/encoding.ts';
import { DisplayName, Handle, MeshTicketClaims, Scope, UserId } from '../../protocol/identity.ts';
import { RecordingId } from '../../protocol/recordings.ts';
import { Role } from '../../protocol/rooms.ts';
import { InfoHash, SwarmPeerId } from '../../protocol/swarm.ts';

/**
 * What the node signs. Each kind has its own `typ` (RFC 8725 section 3.11) and its own audience,
 * so that one can never be used as another.
 */
export const TOKEN_KINDS = {
  session: { typ: 'swarm-session+jwt', audience: 'swarm:session' },
  meshTicket: { typ: 'swarm-mesh-ticket+jwt', audience: 'swarm:mesh' },
  invite: { typ: 'swarm-invite+jwt', audience: 'swarm:invite' },
  viewer: { typ: 'swarm-viewer+jwt', audience: 'swarm:viewer' },
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

export const ViewerClaims = z.object({
  rec: RecordingId,
  ih: InfoHash,
  peer: SwarmPeerId,
  /** Absent of somebody without a session. */
  sub: UserId.optional(),
  guest: z.boolean(),
  exp: z.number(),
});
/** "This peer may exchange this recording's segments with others until then." */
export type ViewerClaims = z.infer<typeof ViewerClaims>;

export const CLAIMS = {
  session: SessionClaims,
  meshTicket: MeshTicketClaims,
  invite: InviteClaims,
  viewer: ViewerClaims,
} as const;
