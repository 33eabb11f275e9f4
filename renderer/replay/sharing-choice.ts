import type { Visibility } from '../../protocol/rooms.ts';

const KEY = 'swarm.share-with-viewers';
/** Showing one's address to the public's viewers says nothing about a private room's. */
const PRIVATE_KEY = `${KEY}.private`;

/** What browsers tell of a connection that is paid by the byte (Network Information API). */
interface Connection {
  saveData?: boolean;
  type?: string;
}

/**
 * Whether segments are exchanged with other viewers: as was chosen; without a choice in public
 * alone, because viewers learn each other's addresses, and never where data is to be saved or is
 * a phone's. What is public and what is not are chosen apart.
 */
export function sharesWithViewers(visibility: Visibility | undefined): boolean {
  const chosen = read(keyOf(visibility));
  if (chosen !== undefined) return chosen;
  const { connection } = navigator as Navigator & { connection?: Connection };
  const isMetered = connection?.saveData === true || connection?.type === 'cellular';
  return visibility === 'public' && !isMetered;
}

/** Remembers it for whatever is as public as this. */
export function chooseSharing(on: boolean, visibility: Visibility | undefined): void {
  try {
    localStorage.setItem(keyOf(visibility), on ? 'on' : 'off');
  } catch (error) {
    console.info('The choice holds for this page only.', error);
  }
}

function keyOf(visibility: Visibility | undefined): string {
  return visibility === 'public' ? KEY : PRIVATE_KEY;
}

function read(key: string): boolean | undefined {
  try {
    const chosen = localStorage.getItem(key);
    return chosen === null ? undefined : chosen === 'on';
  } catch {
    // Storage is off in this browser: there is no choice to remember.
    return undefined;
  }
}
