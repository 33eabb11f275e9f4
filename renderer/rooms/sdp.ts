import { sdpFingerprint } from '../../protocol/identity.ts';

/** Hashes a DTLS fingerprint may use; SHA-1 and MD5 can be forged (RFC 8122 section 5). */
const STRONG = /^sha-(256|384|512) /;

/**
 * The one DTLS fingerprint of a description in canonical form, or why there is none to trust.
 * All `a=fingerprint` lines must say the same: with two different ones a signed line could stand
 * beside the one that the browser uses.
 */
export function soleFingerprint(
  sdp: string,
): { fingerprint: string } | { problem: 'missing' | 'ambiguous' | 'weak' } {
  // Any line break a parser could see, and any spelling: what looks like a fingerprint counts.
  const lines = sdp.split(/[\r\n\u2028\u2029]+/).filter((line) => /^\s*a=fingerprint:/i.test(line));
  const fingerprints = new Set(lines.map((line) => sdpFingerprint(line)));
  const [only] = fingerprints;
  if (lines.length === 0) return { problem: 'missing' };
  if (fingerprints.size > 1 || only === undefined) return { problem: 'ambiguous' };
  return STRONG.test(only) ? { fingerprint: only } : { problem: 'weak' };
}

/**
 * Which peer connection a description comes from: the session id of its `o=` line, which stays
 * the same for a connection's life and is new for a new one (RFC 8829 section 5.2.1).
 */
export function sdpSessionId(sdp: string): string | undefined {
  return /^o=\S+ (\S+)/m.exec(sdp)?.[1];
}
