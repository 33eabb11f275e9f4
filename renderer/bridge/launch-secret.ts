import { z } from 'zod';

const STORAGE_KEY = 'swarm-bridge-secret';

/** The launch secret is a subprotocol token, so it must be one (RFC 7230, section 3.2.6). */
const Secret = z.string().regex(/^[A-Za-z0-9_-]{16,128}$/);

/**
 * The secret of this start of the studio: from the address (`#secret=…`), from where it moves
 * into the tab's session storage and out of sight; else as kept there. `none` when it has never been given.
 */
export function takeLaunchSecret(): string {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = Secret.safeParse(fragment.get('secret'));
  if (given.success) {
    keepLaunchSecret(given.data);
    fragment.delete('secret');
    const rest = fragment.toString();
    history.replaceState(
      history.state,
      '',
      `${location.pathname}${location.search}${rest && `#${rest}`}`,
    );
  }
  return Secret.safeParse(sessionStorage.getItem(STORAGE_KEY)).data ?? 'none';
}

/** For a reload of this tab. */
export function keepLaunchSecret(secret: string): void {
  sessionStorage.setItem(STORAGE_KEY, secret);
}

/** Names this load of the page, so that main knows a returning socket from another window's. */
export function newWindowId(): string {
  return crypto.randomUUID();
}
