import { chatText } from '../../protocol/chat.ts';
import { toBase64Url } from '../../protocol/encoding.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { dtlsProofText } from '../../protocol/identity.ts';
import { moderationText } from '../../protocol/moderation-text.ts';
import type { Signer } from '../api/client.ts';
import { readKey, writeKey } from './key-storage.ts';

/**
 * A guest's key: made in this browser at the first visit, and kept where scripts can use it but
 * not read it. Rejects with `streaming-unavailable` where the browser has no Ed25519.
 */
export async function createBrowserKeySigner(): Promise<Signer> {
  const key = await rememberedKey();
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey));
  const sign = async (text: string): Promise<string> => {
    const bytes = new TextEncoder().encode(text);
    return toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', key.privateKey, bytes)));
  };
  return {
    publicKey: toBase64Url(raw),
    signNonce: sign,
    signFingerprint: (proof) => sign(dtlsProofText(proof)),
    signModeration: (event) => sign(moderationText(event)),
    signChat: (said) => sign(chatText(said)),
  };
}

async function rememberedKey(): Promise<CryptoKeyPair> {
  try {
    const known = await readKey();
    if (known) return known;
    const made = await makeKey();
    await writeKey(made);
    return made;
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    // Private windows of some browsers have no IndexedDB: a key for this page's life will do.
    console.warn('The identity key could not be kept; it lasts until this page is closed.', error);
    return makeKey();
  }
}

async function makeKey(): Promise<CryptoKeyPair> {
  try {
    const key = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    if ('privateKey' in key) return key;
  } catch (error) {
    console.warn('This browser can not make an Ed25519 key.', error);
  }
  throw new ProtocolError(
    'streaming-unavailable',
    'This browser can not make the key that proves who you are (Ed25519). Update it, or open the link in a current Chrome, Edge, Firefox or Safari.',
  );
}
