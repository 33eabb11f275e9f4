import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { Api } from '../api/client.ts';

/** Keys are asked for again at most this often, however many foreign tickets arrive. */
const REFETCH_AFTER_MS = 10_000;

/** The keys of the node a room was joined through. */
export interface NodeKeys {
  /** For `jose`: finds the key that a token names. */
  resolve: JWTVerifyGetKey;
  /** Fetches the keys now, so that the first offer need not wait for them. */
  prepare(): Promise<void>;
}

/**
 * Fetches a node's JWKS once, and again when a token names a key that is not in it. With the node
 * out of reach the keys that are known go on being found.
 */
export function createNodeKeys(
  api: Pick<Api, 'keys'>,
  now: () => number = () => performance.now(),
): NodeKeys {
  let known: JWTVerifyGetKey | undefined;
  let fetching: Promise<JWTVerifyGetKey> | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;

  const fetchKeys = (): Promise<JWTVerifyGetKey> => {
    askedAtMs = now();
    fetching ??= api
      .keys()
      .then((keys) => {
        known = createLocalJWKSet(keys);
        return known;
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  };

  return {
    prepare: async () => {
      if (!known) await fetchKeys();
    },
    resolve: async (header, token) => {
      try {
        return await (known ?? (await fetchKeys()))(header, token);
      } catch (error) {
        const unknownKey = error instanceof errors.JWKSNoMatchingKey;
        if (!unknownKey || now() - askedAtMs < REFETCH_AFTER_MS) throw error;
        return (await fetchKeys())(header, token);
      }
    },
  };
}
