import type { FastifyRequest } from 'fastify';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Scope } from '../../protocol/identity.ts';
import type { Access, Caller } from '../rendezvous/access.ts';
import type { SessionClaims } from './token-claims.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** {@link Access} over this node's own session tokens. */
export function createAccess(options: { tokens: TokenIssuer }): Access {
  async function caller(request: FastifyRequest): Promise<Caller | undefined> {
    const header = request.headers.authorization;
    if (header === undefined) return undefined;
    const token = /^Bearer ([^\s]+)$/i.exec(header)?.[1];
    if (!token) {
      throw new ProtocolError('auth-failed', 'The Authorization header must be "Bearer <token>".');
    }
    return callerOf(await options.tokens.verifySession(token));
  }

  async function requireCaller(request: FastifyRequest, scope?: Scope): Promise<Caller> {
    const found = await caller(request);
    if (!found) throw new ProtocolError('auth-required', 'Sign in first: this needs a session.');
    if (scope) requireScope(found, scope);
    return found;
  }

  return { caller, requireCaller };
}

/** Who a session's claims speak of. */
export function callerOf(claims: SessionClaims): Caller {
  return {
    userId: claims.sub,
    publicKey: claims.jkt,
    handle: claims.handle,
    displayName: claims.name,
    scopes: claims.scopes,
    guest: claims.guest,
  };
}

/** Throws `forbidden` when the session lacks the scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.includes(scope)) return;
  throw new ProtocolError(
    'forbidden',
    caller.guest
      ? 'Guests can join rooms, but not do this. Use Swarm Studio with your own identity.'
      : `On this node only enrolled members can do this (it takes the scope "${scope}"). Ask whoever runs it for an invitation to enrol.`,
  );
}
