import { ProtocolError } from '../../protocol/errors.ts';

const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Why a node can't be talked to, as the person should read it. */
export function problemOf(origin: string, error: unknown): ProtocolError {
  const code = codeOf(error);
  if (CERTIFICATE_CODES.has(code)) {
    return new ProtocolError(
      'node-untrusted',
      `The node at ${origin} shows a certificate that this computer has no reason to trust, or another one than before. Ask whoever runs it for its fingerprint, or for a new invitation.`,
    );
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return new ProtocolError(
      'node-untrusted',
      `The certificate of the node at ${origin} has expired. Whoever runs it has to renew it.`,
    );
  }
  return new ProtocolError('node-unreachable', `${sentenceOf(origin, code)} ${WHAT_TO_DO}`);
}

const WHAT_TO_DO = 'Check your connection and the address, or ask whoever runs the node.';

function sentenceOf(origin: string, code: string): string {
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing answers at ${origin}: the node may be stopped.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name in ${origin} can’t be found.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no way from this computer to ${origin}.`;
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `The node at ${origin} does not answer in time.`;
    default:
      return `The connection to the node at ${origin} fails${code && ` (${code})`}.`;
  }
}

/** The system's code, under whatever wrapped it. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const deeper = at.cause instanceof Error;
    if (!deeper && 'code' in at && typeof at.code === 'string') return at.code;
  }
  return '';
}
