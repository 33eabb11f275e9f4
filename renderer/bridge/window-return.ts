import { type ReturnExchange, returnProofText } from '../../preload/window-return.ts';
import { fromBase64Url, toBase64Url } from '../../protocol/encoding.ts';

/** This window's side of coming back to a studio that crashed (`preload/window-return.ts`). */
export class ReturnProof {
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey) {
    this.#key = key;
  }

  /** @param returnKey as the studio's greeting gave it. */
  static async with(returnKey: string): Promise<ReturnProof> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const key = fromBase64Url(returnKey);
    const usages = ['sign', 'verify'] as const;
    return new ReturnProof(await crypto.subtle.importKey('raw', key, algorithm, false, usages));
  }

  /** Whether whoever answers is the studio that this window belonged to. */
  isStudios(proof: string, exchange: ReturnExchange): Promise<boolean> {
    const text = textOf('studio', exchange);
    return crypto.subtle.verify('HMAC', this.#key, fromBase64Url(proof), text);
  }

  async prove(exchange: ReturnExchange): Promise<string> {
    const proof = await crypto.subtle.sign('HMAC', this.#key, textOf('window', exchange));
    return toBase64Url(new Uint8Array(proof));
  }
}

function textOf(side: 'studio' | 'window', exchange: ReturnExchange): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(returnProofText(side, exchange));
}
