import { EnrolmentToken } from './enrolment.ts';
import { ProtocolError } from './errors.ts';
import { Fingerprint } from './reach.ts';

const LOOPBACK_HOST = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** An invitation to enrol on a node. */
export interface EnrolmentLink {
  /** e.g. `https://rooms.example` */
  origin: string;
  /** Absent where the link is no more than the node's address. */
  token?: string;
  /** SHA-256 of the node's own certificate, where it made one itself: `AB:CD:…`. */
  fingerprint?: string;
}

/** Whether an address is this computer's alone: there http is as private as https. */
export function isLoopback(url: string): boolean {
  return LOOPBACK_HOST.test(new URL(url).hostname);
}

/**
 * The origin of a node's address: https, or http on this computer.
 * Throws `validation-failed` with what is wrong.
 */
export function nodeOrigin(address: string): string {
  const url = URL.parse(address.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw wrong('That is no address of a node. It starts with https://, as the invitation has it.');
  }
  if (url.protocol === 'http:' && !isLoopback(url.origin)) {
    throw wrong(
      'A node on another computer must have an https:// address. Over http:// anybody on the way could read along.',
    );
  }
  return url.origin;
}

/**
 * Reads what `npm run node -- invite` printed: `https://rooms.example/enrol#token=…&cert=…`, or a
 * bare address. Throws `validation-failed` with what is wrong.
 */
export function readEnrolmentLink(text: string): EnrolmentLink {
  const origin = nodeOrigin(text);
  const fragment = new URLSearchParams(new URL(text.trim()).hash.slice(1));
  const [token, cert] = [fragment.get('token'), fragment.get('cert')];
  if (token !== null && !EnrolmentToken.safeParse(token).success) {
    throw wrong('The invitation is not whole. Copy the link again, to its very end.');
  }
  const fingerprint = cert === null ? undefined : Fingerprint.safeParse(withColons(cert));
  if (fingerprint?.success === false) {
    throw wrong('The invitation is not whole. Copy the link again, to its very end.');
  }
  return {
    origin,
    ...(token !== null && { token }),
    ...(fingerprint && { fingerprint: fingerprint.data }),
  };
}

/** The link of an invitation to enrol; the token stays in the fragment, out of every log. */
export function enrolmentLink(link: EnrolmentLink & { token: string }): string {
  const { origin, token, fingerprint } = link;
  const cert = fingerprint === undefined ? '' : `&cert=${fingerprint.replaceAll(':', '')}`;
  return `${origin}/enrol#token=${token}${cert}`;
}

function withColons(hex: string): string {
  return hex.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
}

function wrong(message: string): ProtocolError {
  return new ProtocolError('validation-failed', message, [{ path: 'address', message }]);
}
