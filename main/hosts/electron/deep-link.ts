import { LINK_SCHEME, readPageLink, routeOfPage } from '../../../protocol/page-link.ts';

/** Shown when a link that opened the app can't be followed. */
export const NOT_OUR_LINK =
  'This link is not one of ours. Ask whoever sent it for the link that their studio made.';

/**
 * The window's route for a link: `swarmstudio://join/{roomId}#invite={token}` leads to
 * `/join/{roomId}#invite={token}`, `swarmstudio://replay/{roomId}?t=83` to the replay at that time,
 * and `node=https://…` to another node's page; see {@link readPageLink} for all of them.
 * `undefined` for anything else.
 */
export function routeOfLink(link: string): string | undefined {
  const page = isOurs(link) ? readPageLink(link) : undefined;
  return page && routeOfPage(page);
}

/** The link on a command line, where there is one. */
export function linkAmong(args: readonly string[]): string | undefined {
  return args.find(isOurs);
}

function isOurs(link: string): boolean {
  return link.toLowerCase().startsWith(`${LINK_SCHEME}:`);
}
