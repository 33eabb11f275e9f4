import { z } from 'zod';
import { RoomId } from '../../../protocol/rooms.ts';

/** The scheme of links that open the app. */
export const LINK_SCHEME = 'swarmstudio';

/** A signed invitation: a JWT, so base64url and dots. */
const InviteToken = z.string().regex(/^[A-Za-z0-9_.-]{1,2048}$/);

/** Shown when a link that opened the app can't be followed. */
export const NOT_OUR_LINK =
  'This link is not one of ours. Ask whoever sent it for the link that their studio made.';

/**
 * The window's route for a link: `swarmstudio://join/{roomId}#invite={token}` leads to
 * `/join/{roomId}#invite={token}`. `undefined` for anything else; nothing of the link but a room
 * and an invitation in their exact forms gets through.
 */
export function routeOfLink(link: string): string | undefined {
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  if (url.protocol !== `${LINK_SCHEME}:` || url.host !== 'join') return undefined;
  const room = RoomId.safeParse(url.pathname.slice(1));
  if (!room.success) return undefined;
  const invite = new URLSearchParams(url.hash.slice(1)).get('invite');
  if (invite === null) return `/join/${room.data}`;
  const token = InviteToken.safeParse(invite);
  return token.success ? `/join/${room.data}#invite=${token.data}` : undefined;
}

/** The link on a command line, where there is one. */
export function linkAmong(args: readonly string[]): string | undefined {
  return args.find((arg) => arg.toLowerCase().startsWith(`${LINK_SCHEME}:`));
}
