import type { Visibility } from '../../protocol/rooms.ts';

const KEY = 'swarm.share-with-viewers';

/** What browsers tell of a connection that is paid by the byte (Network Information API). */
interface Connection {
  saveData?: boolean;
}

/**
 * Whether segments are exchanged with other viewers: as was chosen; without a choice in public
 * alone, because viewers learn each other's addresses, and never where data is to be saved.
 */
export function sharesWithViewers(visibility: Visibility | undefined): boolean {
  const chosen = read();
  if (chosen !== undefined) return chosen;
  const { connection } = navigator as Navigator & { connection?: Connection };
  return visibility === 'public' && connection?.saveData !== true;
}

export function chooseSharing(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch (error) {
    console.info('The choice holds for this page only.', error);
  }
}

function read(): boolean | undefined {
  try {
    const chosen = localStorage.getItem(KEY);
    return chosen === null ? undefined : chosen === 'on';
  } catch {
    // Storage is off in this browser: there is no choice to remember.
    return undefined;
  }
}
