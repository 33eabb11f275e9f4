import { createClient } from '@redis/client';
import type { Logger } from 'pino';

/** Longest that a command, or a connection, is waited for. */
export const REDIS_WITHIN_MS = 1_500;
const RECONNECT_MS = { first: 50, most: 1_000 };

export type RedisClient = ReturnType<typeof redisClient>;

/** A client that refuses while it is not connected, and connects again by itself. */
export function redisClient(url: string, logger: Logger) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: REDIS_WITHIN_MS,
      reconnectStrategy: (attempt) =>
        Math.min(RECONNECT_MS.first * 2 ** attempt, RECONNECT_MS.most),
    },
  });
  client.on('error', (err) => logger.debug({ err }, 'Redis'));
  return client;
}

/** Connects once: a wrong address or password is told, and not tried for ever. */
export async function firstConnected(client: RedisClient): Promise<void> {
  let failed: (error: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => {
    failed = reject;
  });
  client.once('error', failed);
  try {
    await Promise.race([client.connect(), failure]);
  } finally {
    client.off('error', failed);
  }
}

/** Rejects where Redis does not answer in time. */
export function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error('Redis did not answer in time.'));
    const timer = setTimeout(late, REDIS_WITHIN_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What a text from Redis says; `undefined` where that is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
