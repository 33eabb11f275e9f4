import type { z } from 'zod';
import { Problem, ProtocolError } from '../../protocol/errors.ts';
import { problemOf } from './node-problem.ts';

/** Longer than any limit of the gateway in between, which says better what went wrong. */
const ANSWER_WITHIN_MS = 25_000;

/** Nothing that is asked for this way is longer. */
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface NodeCall {
  /** The node, e.g. `https://rooms.example`: for words. */
  origin: string;
  /** The way there. */
  baseUrl: string;
  path: string;
  /** `POST` where there is a body, else `GET`. */
  method?: 'GET' | 'POST' | 'PATCH';
  /** JSON, or bytes. */
  body?: unknown;
  token?: string | undefined;
  answerWithinMs?: number;
  signal?: AbortSignal;
}

/**
 * Asks another node for something. Rejects with its refusal as a `ProtocolError`, with
 * `not-a-node` where something else answers, and `node-unreachable` where nothing does.
 */
export async function callNode<T extends z.ZodType>(
  call: NodeCall,
  answer: T,
): Promise<z.infer<T>> {
  const { origin, baseUrl, path, body, token, signal } = call;
  const isBytes = body instanceof Uint8Array;
  const timeout = AbortSignal.timeout(call.answerWithinMs ?? ANSWER_WITHIN_MS);
  let response: Response;
  let json: unknown;
  try {
    response = await fetch(`${baseUrl}${path}`, {
      method: call.method ?? (body === undefined ? 'GET' : 'POST'),
      ...(body !== undefined && { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
      headers: {
        ...(body !== undefined && {
          'content-type': isBytes ? 'application/octet-stream' : 'application/json',
        }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    json = await jsonOf(response);
  } catch (error) {
    signal?.throwIfAborted();
    throw problemOf(origin, error);
  }
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

/** `undefined` for what is no JSON, or absurdly much: who asked says what that means. */
async function jsonOf(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
