import { toBase64Url } from '../../protocol/encoding.ts';

const KEY = 'swarm.viewer';

/** What this tab calls itself when viewers without a session are counted; a reload keeps it. */
export function viewerId(): string {
  try {
    const known = sessionStorage.getItem(KEY);
    if (known !== null) return known;
    const made = newId();
    sessionStorage.setItem(KEY, made);
    return made;
  } catch {
    // Storage is off in this browser: each page counts by itself.
    return newId();
  }
}

function newId(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(12)));
}
