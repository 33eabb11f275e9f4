import { LINK_SCHEME, readRoomLink, routeOfRoom } from '../../../protocol/node-link.ts';

/** Shown when a link that opened the app can't be followed. */
export const NOT_OUR_LINK =
  'This link is not one of ours. Ask whoever sent it for the link that their studio made.';

/**
 * The window's route for a link: `swarmstudio://join/{roomId}#invite={token}` leads to
 * `/join/{roomId}#invite={token}`, and `?node=https://…` to that node's room. `undefined` for
 * anything else; nothing of the link but a node, a room and an invitation in their exact forms
 * gets through.
 */
export function routeOfLink(link: string): string | undefined {
  const room = isOurs(link) ? readRoomLink(link) : undefined;
  return room && routeOfRoom(room);
}

/** The link on a command line, where there is one. */
export function linkAmong(args: readonly string[]): string | undefined {
  return args.find(isOurs);
}

function isOurs(link: string): boolean {
  return link.toLowerCase().startsWith(`${LINK_SCHEME}:`);
}
