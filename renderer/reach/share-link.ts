import { isLoopback } from '../../protocol/node-link.ts';

/**
 * The same link under another origin of the same node: one made before other devices were let in
 * still names this computer alone.
 *
 * @param origin e.g. `https://192.168.1.20:40443`
 */
export function linkUnder(link: string, origin: string): string {
  const { pathname, search, hash } = new URL(link);
  return `${origin}${pathname}${search}${hash}`;
}

/** Whether a link opens on no other device than this. */
export function leadsToThisComputer(link: string): boolean {
  return isLoopback(link);
}
