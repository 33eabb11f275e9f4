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

/** Fetches a node's JWKS once, and again when a token names a key that is not in it. */
export function createNodeKeys(
  api: Pick<Api, 'keys'>,
  now: () => number = () => performance.now(),
): NodeKeys {
  let fetching: Promise<JWTVerifyGetKey> | undefined;
  let fetchedAtMs = Number.NEGATIVE_INFINITY;

  const fetched = (): Promise<JWTVerifyGetKey> => {
    fetching ??= api.keys().then(
      (keys) => {
        fetchedAtMs = now();
        return createLocalJWKSet(keys);
      },
      (error) => {
        fetching = undefined;
        throw error;
      },
    );
    return fetching;
  };

  return {
    prepare: async () => {
      await fetched();
    },
    resolve: async (header, token) => {
      try {
        return await (await fetched())(header, token);
      } catch (error) {
        const unknownKey = error instanceof errors.JWKSNoMatchingKey;
        if (!unknownKey || now() - fetchedAtMs < REFETCH_AFTER_MS) throw error;
        fetching = undefined;
        return (await fetched())(header, token);
      }
    },
  };
}
