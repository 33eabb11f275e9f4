import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { calculateJwkThumbprint, errors, jwtVerify, SignJWT } from 'jose';
import type { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Jwks, MeshTicketClaims } from '../../protocol/identity.ts';
import { ROOM_LIMITS } from '../../protocol/rooms.ts';
import { SWARM_LIMITS } from '../../protocol/swarm.ts';
import type { Clock } from '../clock.ts';
import type { SecretStore } from '../hosts/host.ts';
import { publicKeyOf } from './ed25519.ts';
import { NODE_SECRET, storedKey } from './stored-key.ts';
import {
  CLAIMS,
  type InviteClaims,
  type SessionClaims,
  TOKEN_KINDS,
  type TokenKind,
  type ViewerClaims,
} from './token-claims.ts';

/** A signed token and the moment it stops being valid, in ms since the epoch. */
export interface IssuedToken {
  token: string;
  expiresAtMs: number;
}

/** Signs and checks what this node vouches for: sessions, mesh tickets, invites (EdDSA). */
export class TokenIssuer {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #jwks: Jwks;
  readonly #kid: string;
  readonly #clock: Clock;

  private constructor(privateKey: KeyObject, x: string, kid: string, clock: Clock) {
    this.#privateKey = privateKey;
    this.#publicKey = createPublicKey(privateKey);
    this.#kid = kid;
    this.#clock = clock;
    this.#jwks = { keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' }] };
  }

  static async open(options: { secrets: SecretStore; clock: Clock }): Promise<TokenIssuer> {
    const privateKey = await storedKey(options.secrets, NODE_SECRET);
    const x = publicKeyOf(privateKey);
    const kid = await calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x });
    return new TokenIssuer(privateKey, x, kid, options.clock);
  }

  /** The node's public keys (RFC 7517), for `/.well-known/jwks.json`. */
  jwks(): Jwks {
    return this.#jwks;
  }

  issueSession(claims: Omit<SessionClaims, 'exp'>): Promise<IssuedToken> {
    return this.#issue('session', claims, ROOM_LIMITS.sessionLifetimeMs);
  }

  issueMeshTicket(claims: Omit<MeshTicketClaims, 'exp'>): Promise<IssuedToken> {
    return this.#issue('meshTicket', claims, ROOM_LIMITS.meshTicketLifetimeMs);
  }

  issueViewer(claims: Omit<ViewerClaims, 'exp'>): Promise<IssuedToken> {
    return this.#issue('viewer', claims, SWARM_LIMITS.ticketLifetimeMs);
  }

  /** `expiresAtMs` is the invite's own, so that the same invite always gives the same token. */
  async issueInvite(claims: Omit<InviteClaims, 'exp'>, expiresAtMs: number): Promise<string> {
    return this.#sign('invite', claims, Math.floor(expiresAtMs / 1000));
  }

  /** Throws `auth-failed`. */
  verifySession(token: string): Promise<SessionClaims> {
    return this.#verify('session', token, () => authFailed());
  }

  /** Throws `auth-failed`. */
  verifyMeshTicket(token: string): Promise<MeshTicketClaims> {
    return this.#verify('meshTicket', token, () => authFailed());
  }

  /** Throws `auth-failed`. */
  verifyViewer(token: string): Promise<ViewerClaims> {
    return this.#verify('viewer', token, () => authFailed());
  }

  /**
   * A mesh ticket that was valid at `atMs`, give or take `toleranceMs`. It may have run out since,
   * but can't have been made long after: its whole lifetime is known. Throws `auth-failed`.
   */
  async verifyMeshTicketAt(
    token: string,
    atMs: number,
    toleranceMs: number,
  ): Promise<MeshTicketClaims> {
    const claims = await this.#verify('meshTicket', token, () => authFailed(), {
      atMs,
      toleranceMs,
    });
    const earliestMs = claims.exp * 1000 - ROOM_LIMITS.meshTicketLifetimeMs;
    if (atMs < earliestMs - toleranceMs) throw authFailed();
    return claims;
  }

  /** Signs a text (UTF-8) with the node's key; `kid` is the key's id in the {@link jwks}. */
  signText(text: string): { kid: string; signature: string } {
    const signature = sign(null, Buffer.from(text, 'utf8'), this.#privateKey).toString('base64url');
    return { kid: this.#kid, signature };
  }

  /** Whether this node signed the text with {@link signText}. */
  isOwnText(text: string, { kid, signature }: { kid: string; signature: string }): boolean {
    if (kid !== this.#kid) return false;
    const bytes = Buffer.from(signature, 'base64url');
    return verify(null, Buffer.from(text, 'utf8'), this.#publicKey, bytes);
  }

  /** Throws `invite-expired`, or `invite-invalid` for everything else that is wrong with it. */
  verifyInvite(token: string): Promise<InviteClaims> {
    return this.#verify('invite', token, (error) =>
      error instanceof errors.JWTExpired
        ? new ProtocolError(
            'invite-expired',
            'This invitation has expired. Ask the host for a new link.',
          )
        : new ProtocolError(
            'invite-invalid',
            'This invitation is not one of this node’s. Check that the link was copied whole.',
          ),
    );
  }

  async #issue(kind: TokenKind, claims: object, lifetimeMs: number): Promise<IssuedToken> {
    // JWT times are whole seconds: rounding down keeps a token within its lifetime.
    const exp = Math.floor((this.#clock() + lifetimeMs) / 1000);
    return { token: await this.#sign(kind, claims, exp), expiresAtMs: exp * 1000 };
  }

  #sign(kind: TokenKind, claims: object, exp: number): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ: TOKEN_KINDS[kind].typ, kid: this.#kid })
      .setAudience(TOKEN_KINDS[kind].audience)
      .setExpirationTime(exp)
      .sign(this.#privateKey);
  }

  async #verify<K extends TokenKind>(
    kind: K,
    token: string,
    refusal: (error: unknown) => ProtocolError,
    { atMs, toleranceMs } = { atMs: this.#clock(), toleranceMs: 0 },
  ): Promise<z.infer<(typeof CLAIMS)[K]>> {
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        algorithms: ['EdDSA'],
        typ: TOKEN_KINDS[kind].typ,
        audience: TOKEN_KINDS[kind].audience,
        currentDate: new Date(atMs),
        clockTolerance: toleranceMs / 1000,
      });
      return CLAIMS[kind].parse(payload) as z.infer<(typeof CLAIMS)[K]>;
    } catch (error) {
      throw refusal(error);
    }
  }
}

function authFailed(): ProtocolError {
  return new ProtocolError('auth-failed', 'This session is not valid any more. Sign in again.');
}
