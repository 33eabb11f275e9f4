import { createHmac } from 'node:crypto';
import { ROOM_LIMITS } from '../../protocol/rooms.ts';

/**
 * How long credentials let a peer allocate a relay: as long as the mesh ticket they come with, and
 * the two minutes by which the clock of the TURN server may run ahead. A relay that stands when
 * they run out goes on: coturn checks them when it is allocated.
 */
export const CREDENTIAL_LIFETIME_MS = ROOM_LIMITS.meshTicketLifetimeMs + 2 * 60_000;

/** How long credentials for a connection check do, which asks for its relay at once. */
export const CHECK_LIFETIME_MS = 2 * 60_000;

export interface TurnCredentials {
  /** `{expiry in Unix seconds}:{owner}`. */
  username: string;
  /** Base64 of HMAC-SHA1 over the username. */
  credential: string;
}

/**
 * Credentials that a TURN server with the same secret accepts until they run out, without being
 * told of them: draft-uberti-behave-turn-rest-00, coturn's `use-auth-secret`.
 *
 * @param owner whose they are, e.g. `{roomId}.{peerId}`: the server's log names it.
 */
export function turnCredentials(
  secret: string,
  owner: string,
  expiresAtMs: number,
): TurnCredentials {
  const username = `${Math.ceil(expiresAtMs / 1000)}:${owner}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
