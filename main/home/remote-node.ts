import { z } from 'zod';
import { Enrolment } from '../../protocol/enrolment.ts';
import { Challenge, Jwks, Session } from '../../protocol/identity.ts';
import { NodeInfo } from '../../protocol/node.ts';
import type { Identity } from '../identity/identity.ts';
import { callNode } from './call-node.ts';

/** What a node may call itself: a name that fits a line of the window. */
const Named = NodeInfo.extend({ name: z.string().trim().min(1).max(100) });

/** Another node, as this studio's member speaks to it. */
export interface RemoteNode {
  /** Rejects with `not-a-node` where something else answers. */
  look(): Promise<NodeInfo>;
  /**
   * Proves the member's key. Rejects with the node's refusal, e.g. `handle-taken`.
   *
   * @param handle another one than the member's own
   */
  signIn(member: Identity, handle?: string): Promise<Session>;
  /** Rejects with `invite-invalid`, `invite-expired` or `invite-used`. */
  enrol(token: string, session: Session): Promise<void>;
}

/**
 * @param origin the node, e.g. `https://rooms.example`
 * @param baseUrl its gateway's
 */
export function remoteNode(origin: string, baseUrl: string): RemoteNode {
  const call = <T extends z.ZodType>(path: string, answer: T, body?: unknown, token?: string) =>
    callNode({ origin, baseUrl, path, token, ...(body !== undefined && { body }) }, answer);

  return {
    async look() {
      const info = await call('/api/node', Named);
      await call(
        '/.well-known/jwks.json',
        Jwks.refine(({ keys }) => keys.length > 0),
      );
      return info;
    },
    async signIn(member, handle = member.profile().handle) {
      const { publicKey } = member;
      const { displayName } = member.profile();
      const challenge = await call('/api/session/challenge', Challenge, {
        publicKey,
        audience: origin,
      });
      return call('/api/session', Session, {
        challengeId: challenge.challengeId,
        publicKey,
        signature: member.signNonce(challenge.nonce, origin).signature,
        handle,
        displayName,
      });
    },
    async enrol(token, session) {
      await call('/api/node/enrolments', Enrolment, { token }, session.token);
    },
  };
}
