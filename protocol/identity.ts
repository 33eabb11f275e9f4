import { z } from 'zod';
import { Base64Url, PublicKey, Signature, Timestamp, toBase64Url } from './encoding.ts';

/** Readable name in addresses and mentions: 2-32 of a-z, 0-9, `-`, `_`; unique on a node. */
export const Handle = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{1,31}$/, 'must be 2-32 characters: a-z, 0-9, "-" or "_"');

/** What people see on tiles and cards: 1-64 characters. */
export const DisplayName = z.string().trim().min(1, 'must not be empty').max(64);

/** Derived from the public key, see {@link userIdOf}. */
export const UserId = z.string().regex(/^u_[A-Za-z0-9_-]{22}$/, 'must be a userId');

export const Scope = z.enum(['stream:create', 'stream:join', 'stream:moderate', 'post:write']);
export type Scope = z.infer<typeof Scope>;

export const Profile = z.object({
  userId: UserId,
  publicKey: PublicKey,
  handle: Handle,
  displayName: DisplayName,
});
/** Somebody with an Ed25519 identity, as shown to others. */
export type Profile = z.infer<typeof Profile>;

export const ChallengeRequest = z.object({
  publicKey: PublicKey,
  /**
   * The origin the client reaches the node by, one of the node's own. The nonce then ends with
   * its mark, so that a client can see that no other node asked for it.
   */
  audience: z.url().max(256).optional(),
});
export const Challenge = z.object({
  challengeId: z.string(),
  nonce: z.string(),
  expiresAt: Timestamp,
});
export type Challenge = z.infer<typeof Challenge>;

export const SessionRequest = z.object({
  challengeId: z.string().max(128),
  publicKey: PublicKey,
  /** Over the UTF-8 bytes of the nonce exactly as it was sent. */
  signature: Signature,
  handle: Handle,
  displayName: DisplayName,
  /** `true` asks for a guest's session: `stream:join` alone, and the handle is not reserved. */
  guest: z.boolean().optional(),
});
export type SessionRequest = z.infer<typeof SessionRequest>;

export const Session = z.object({
  /** A JWT signed by the node (EdDSA), for `Authorization: Bearer` and the socket. */
  token: z.string(),
  userId: UserId,
  handle: Handle,
  displayName: DisplayName,
  scopes: z.array(Scope),
  expiresAt: Timestamp,
});
export type Session = z.infer<typeof Session>;

/**
 * A member's id: `u_` and the first 16 bytes of SHA-256 over the raw public key, as base64url.
 * `digest` is that SHA-256 (32 bytes); hashing is left to the caller because Node and browsers
 * differ in how they do it.
 */
export function userIdOf(digest: Uint8Array): string {
  return `u_${toBase64Url(digest.subarray(0, 16))}`;
}

/** Between two peers the one whose id sorts first makes every offer (code unit order). */
export function isInitiator(selfPeerId: string, otherPeerId: string): boolean {
  return selfPeerId < otherPeerId;
}

/** What a member signs to bind a DTLS fingerprint to its identity, see `proof` on offers. */
export function dtlsProofText(proof: {
  roomId: string;
  from: string;
  to: string;
  fingerprint: string;
}): string {
  return `swarm-dtls:v1\n${proof.roomId}\n${proof.from}\n${proof.to}\n${proof.fingerprint}`;
}

/**
 * The SDP's first `a=fingerprint` (RFC 8122) in canonical form: algorithm in lower case, hex in
 * upper case. `undefined` when there is none.
 */
export function sdpFingerprint(sdp: string): string | undefined {
  const match = /^a=fingerprint:(\S+) ([0-9A-Fa-f:]+)\s*$/m.exec(sdp);
  if (!match?.[1] || !match[2]) return undefined;
  return `${match[1].toLowerCase()} ${match[2].toUpperCase()}`;
}

export const MeshTicketClaims = z.object({
  sub: UserId,
  /** The member's raw public key as base64url. */
  jkt: PublicKey,
  room: z.string(),
  peer: z.string(),
  role: z.enum(['host', 'cohost', 'speaker', 'listener']),
  /** Seconds since the epoch; at most 10 minutes ahead. */
  exp: z.number(),
});
/** "This key is this peer in this room with this role until then", signed by the rendezvous. */
export type MeshTicketClaims = z.infer<typeof MeshTicketClaims>;

export const Jwks = z.object({
  keys: z.array(
    z.object({
      kty: z.literal('OKP'),
      crv: z.literal('Ed25519'),
      x: Base64Url,
      kid: z.string(),
      alg: z.literal('EdDSA'),
      use: z.literal('sig'),
    }),
  ),
});
export type Jwks = z.infer<typeof Jwks>;
