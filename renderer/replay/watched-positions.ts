const KEY = 'swarm.watched';
/** Recordings whose place is remembered; the one opened longest ago is forgotten first. */
const MOST = 100;
/** A place so near to the beginning or the end is none to come back to. */
const MARGIN_S = 10;

type Positions = [recordingId: string, atS: number][];

/** Where somebody stopped watching a recording, in seconds; `undefined` where at none. */
export function watchedPosition(recordingId: string): number | undefined {
  return read().find(([known]) => known === recordingId)?.[1];
}

/** Remembers a place on this computer, or forgets it where it is near the beginning or the end. */
export function rememberPosition(recordingId: string, atS: number, durationS: number): void {
  const others = read().filter(([known]) => known !== recordingId);
  const isWorthIt = atS >= MARGIN_S && atS <= durationS - MARGIN_S;
  const positions: Positions = isWorthIt ? [...others, [recordingId, Math.floor(atS)]] : others;
  try {
    localStorage.setItem(KEY, JSON.stringify(positions.slice(-MOST)));
  } catch (error) {
    console.info('The place is not remembered.', error);
  }
}

function read(): Positions {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isPosition) : [];
  } catch {
    // Storage is off, or somebody wrote something else there: nothing is remembered.
    return [];
  }
}

function isPosition(entry: unknown): entry is Positions[number] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && Number.isFinite(entry[1]);
}
