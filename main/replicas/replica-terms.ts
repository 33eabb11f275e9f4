import canonicalize from 'canonicalize';
import {
  type ReplicaTerms,
  type ReplicaTermsPayload,
  replicaTermsText,
} from '../../protocol/replicas.ts';
import { verifyText } from '../identity/ed25519.ts';

/** Signs what the host wants done with copies of a recording. */
export function signTerms(
  payload: ReplicaTermsPayload,
  signer: { sign(bytes: Uint8Array): string },
): ReplicaTerms {
  return { ...payload, signature: signer.sign(Buffer.from(textOf(payload), 'utf8')) };
}

/** Whether the holder of this key signed these terms. */
export function areTermsOf(publicKey: string, { signature, ...payload }: ReplicaTerms): boolean {
  return verifyText(publicKey, textOf(payload), signature);
}

function textOf(payload: ReplicaTermsPayload): string {
  return replicaTermsText(canonicalize(payload) ?? '');
}
