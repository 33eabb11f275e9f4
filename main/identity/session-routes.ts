import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { ProtocolError } from '../../protocol/errors.ts';
import {
  Challenge,
  ChallengeRequest,
  Scope,
  Session,
  SessionRequest,
} from '../../protocol/identity.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { Access } from '../rendezvous/access.ts';
import { Challenges } from './challenges.ts';
import { canonicalPublicKey, userIdOfKey, verifyText } from './ed25519.ts';
import type { Members } from './members.ts';
import type { SessionClaims } from './token-claims.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** `/api/session…`: a member proves its key and gets a session (protocol, "Sessions"). */
export function sessionRoutes(options: {
  tokens: TokenIssuer;
  members: Members;
  access: Access;
  clock: Clock;
  /** What a member's session may do here; everything, unless this says otherwise. */
  scopesOf?: ((userId: string) => readonly Scope[]) | undefined;
  /** The origins this node goes by, as of now. */
  ownOrigins: () => readonly string[];
}): FastifyPluginAsync {
  const { tokens, members, access, scopesOf = () => Scope.options, ownOrigins } = options;
  const challenges = new Challenges(options.clock);

  async function sessionFor(claims: Omit<SessionClaims, 'exp'>): Promise<Session> {
    const { token, expiresAtMs } = await tokens.issueSession(claims);
    return {
      token,
      userId: claims.sub,
      handle: claims.handle,
      displayName: claims.name,
      scopes: claims.scopes,
      expiresAt: isoTime(expiresAtMs),
    };
  }

  return async (instance) => {
    const app = instance.withTypeProvider<ZodTypeProvider>();

    app.post(
      '/api/session/challenge',
      {
        schema: {
          summary: 'Asks for a nonce to sign',
          tags: ['sessions'],
          body: ChallengeRequest,
          response: { 200: Challenge },
        },
      },
      async (request) => {
        const { publicKey, audience } = request.body;
        if (audience !== undefined && !ownOrigins().includes(audience)) {
          throw new ProtocolError(
            'origin-refused',
            `This node does not go by the address ${audience}. Whoever runs it can add it with --public-origin.`,
          );
        }
        return challenges.issue(canonicalPublicKey(publicKey), audience);
      },
    );

    app.post(
      '/api/session',
      {
        schema: {
          summary: 'Opens a session with the signed nonce',
          tags: ['sessions'],
          body: SessionRequest,
          response: { 200: Session },
        },
      },
      async (request) => {
        const { challengeId, signature, handle, displayName } = request.body;
        const publicKey = canonicalPublicKey(request.body.publicKey);
        const nonce = challenges.take(challengeId, publicKey);
        if (nonce === undefined || !verifyText(publicKey, nonce, signature)) {
          throw new ProtocolError(
            'auth-failed',
            'The challenge was not answered with this key in time. Ask for a new one and sign it.',
          );
        }
        const guest = request.body.guest === true;
        const userId = userIdOfKey(publicKey);
        // A guest reserves nothing, but must not pass for somebody who did.
        if (guest) members.requireFree(handle, userId);
        else members.claim({ userId, publicKey, handle, displayName });
        return sessionFor({
          sub: userId,
          jkt: publicKey,
          handle,
          name: displayName,
          scopes: guest ? ['stream:join'] : [...scopesOf(userId)],
          guest,
        });
      },
    );

    app.post(
      '/api/session/renew',
      {
        schema: {
          summary: 'Answers a fresh token for a session that is still valid',
          tags: ['sessions'],
          response: { 200: Session },
        },
      },
      async (request) => {
        const caller = await access.requireCaller(request);
        if (caller.guest) members.requireFree(caller.handle, caller.userId);
        // A handle changed in another session since: this one follows.
        const known = caller.guest ? undefined : members.get(caller.userId);
        return sessionFor({
          sub: caller.userId,
          jkt: caller.publicKey,
          handle: known?.handle ?? caller.handle,
          name: known?.displayName ?? caller.displayName,
          scopes: caller.guest ? [...caller.scopes] : [...scopesOf(caller.userId)],
          guest: caller.guest,
        });
      },
    );
  };
}
