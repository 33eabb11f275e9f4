import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { request } from 'node:https';
import { z } from 'zod';

/** How an address was found; `reason` is a sentence. */
export type Reachability = { state: 'answers' } | { state: 'blocked'; reason: string };

/** How long an address has to answer. */
const ANSWER_WITHIN_MS = 4_000;

/** No answer of `/healthz` is longer. */
const MAX_ANSWER_BYTES = 4096;

const Health = z.object({ proof: z.string() });

/** Lets the node recognise itself: who answers a nonce with this proof is this very process. */
export class SelfProof {
  readonly #key = randomBytes(32);

  readonly of = (nonce: string): string =>
    createHmac('sha256', this.#key).update(nonce).digest('base64url');

  /** In constant time. */
  matches(nonce: string, proof: string): boolean {
    const [expected, given] = [Buffer.from(this.of(nonce)), Buffer.from(proof)];
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
}

/**
 * Connects to an address of this node over TLS, as somebody on another device would, and checks
 * that this node answers. The certificate is not judged here: browsers do that, and the panel
 * says what they will say.
 *
 * @param origin e.g. `https://192.168.1.20:40443`
 */
export function checkAddress(origin: string, self: SelfProof): Promise<Reachability> {
  const nonce = randomBytes(16).toString('base64url');
  return new Promise((resolve) => {
    const blocked = (reason: string) => resolve({ state: 'blocked', reason });
    const timeout = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const sent = request(
      new URL(`/healthz?nonce=${nonce}`, origin),
      { rejectUnauthorized: false, agent: false, signal: timeout },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MAX_ANSWER_BYTES) response.destroy();
        });
        response.once('close', () => {
          if (isOwnAnswer(text, nonce, self)) resolve({ state: 'answers' });
          else blocked('Another program answers at this address, not this studio.');
        });
      },
    );
    sent.once('error', (error) => blocked(reasonOf(error, timeout.aborted)));
    sent.end();
  });
}

function isOwnAnswer(text: string, nonce: string, self: SelfProof): boolean {
  try {
    return self.matches(nonce, Health.parse(JSON.parse(text)).proof);
  } catch {
    return false;
  }
}

function reasonOf(error: NodeJS.ErrnoException, timedOut: boolean): string {
  if (timedOut) {
    return 'Nothing answers at this address. A firewall on this computer may block it: allow Swarm Studio there.';
  }
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'The connection is refused at this address.';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'This name can’t be found from this computer.';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'There is no way from this computer to this address.';
    default:
      return `The connection fails at this address (${error.code ?? error.message}).`;
  }
}
