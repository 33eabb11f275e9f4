import { createHash } from 'node:crypto';

/** SHA-256 as base64url. */
const MARK_LENGTH = 43;

/**
 * What a nonce for clients at `origin` ends with: a node that passes on another node's nonce to
 * get in there as somebody else passes on the mark of that node as well.
 */
export function audienceMark(origin: string): string {
  return createHash('sha256').update(`swarm-audience:v1\n${origin}`).digest('base64url');
}

/** Whether a nonce was made for clients at `origin`, and has something random before its mark. */
export function isNonceFor(origin: string, nonce: string): boolean {
  return nonce.length >= 2 * MARK_LENGTH && nonce.endsWith(audienceMark(origin));
}
