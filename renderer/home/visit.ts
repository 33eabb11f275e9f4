const STORAGE_KEY = 'swarm-visit';

/**
 * The node this window is on a visit to: from the address (`?node=…`), from where it moves into
 * the tab's session storage; else as kept there. Call it before the router reads the address.
 */
export function takeVisit(): string | undefined {
  const url = new URL(location.href);
  const given = url.searchParams.get('node');
  if (given !== null) {
    sessionStorage.setItem(STORAGE_KEY, given);
    url.searchParams.delete('node');
    history.replaceState(history.state, '', `${url.pathname}${url.search}${url.hash}`);
  }
  return sessionStorage.getItem(STORAGE_KEY) ?? undefined;
}

/** From the next load on this window is on its home again. */
export function forgetVisit(): void {
  sessionStorage.removeItem(STORAGE_KEY);
}

/** Ends the visit: the window loads anew on its home. */
export function goHome(): void {
  forgetVisit();
  location.assign('/');
}
