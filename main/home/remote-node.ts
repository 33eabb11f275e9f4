import { z } from 'zod';
import { Enrolment } from '../../protocol/enrolment.ts';
import { Problem, ProtocolError } from '../../protocol/errors.ts';
import { Challenge, Jwks, Session } from '../../protocol/identity.ts';
import { NodeInfo } from '../../protocol/node.ts';
import type { Identity } from '../identity/identity.ts';

/** Longer than any limit of the gateway in between, which says better what went wrong. */
const ANSWER_WITHIN_MS = 25_000;

/** What a node may call itself: a name that fits a line of the window. */
const Named = NodeInfo.extend({ name: z.string().trim().min(1).max(100) });

/** Another node, as this studio's member speaks to it. */
export interface RemoteNode {
  /** Rejects with `not-a-node` where something else answers. */
  look(): Promise<NodeInfo>;
  /** Proves the member's key. Rejects with the node's refusal, e.g. `handle-taken`. */
  signIn(member: Identity): Promise<Session>;
  /** Rejects with `invite-invalid`, `invite-expired` or `invite-used`. */
  enrol(token: string, session: Session): Promise<void>;
}

/**
 * @param origin the node, e.g. `https://rooms.example`
 * @param baseUrl its gateway's
 */
export function remoteNode(origin: string, baseUrl: string): RemoteNode {
  async function call<T extends z.ZodType>(
    path: string,
    answer: T,
    body?: unknown,
    token?: string,
  ): Promise<z.infer<T>> {
    const response = await fetch(`${baseUrl}${path}`, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const json = await jsonOf(response);
    if (response.ok) {
      const parsed = answer.safeParse(json);
      if (parsed.success) return parsed.data;
    }
    const refusal = Problem.safeParse(json);
    if (refusal.success) {
      const { code, detail, errors } = refusal.data;
      throw new ProtocolError(code, detail, errors);
    }
    throw new ProtocolError(
      'not-a-node',
      `Something answers at ${origin}, but it is no Swarm Studio node, or one of another age. Check the address.`,
    );
  }

  return {
    async look() {
      const info = await call('/api/node', Named);
      await call(
        '/.well-known/jwks.json',
        Jwks.refine(({ keys }) => keys.length > 0),
      );
      return info;
    },
    async signIn(member) {
      const { publicKey } = member;
      const { handle, displayName } = member.profile();
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

/** `undefined` for what is no JSON: who asked says what that means. */
async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
