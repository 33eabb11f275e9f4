/** Media left to play under which a segment is had from the node at once. */
const URGENT_S = 1.5;
/** Longest wait for others to get a segment, however much there is left to play. */
const LONGEST_WAIT_S = 3;
/** Longest that other viewers together may take to send a segment. */
const LONGEST_ANSWER_S = 4;
/** A viewer farther behind, or one that is paused, does not fetch a segment before others need it. */
const NEAR_SEGMENTS = 1;

/** How long others may be waited for before the node is asked, in ms. @param aheadS left to play */
export function waitForOthersMs(aheadS: number): number {
  return Math.round(Math.min(Math.max(0, aheadS - URGENT_S), LONGEST_WAIT_S) * 1000);
}

/** How long viewers who have a segment may take to send it, in ms; 0 asks none. */
export function answerWithinMs(aheadS: number): number {
  if (aheadS < URGENT_S) return 0;
  return Math.round(Math.min(aheadS - URGENT_S / 2, LONGEST_ANSWER_S) * 1000);
}

/**
 * Who of those that need a segment nobody has fetches it from the node, while the others wait: all
 * of them come to the same answer without asking each other, and another one for each segment
 * (highest random weight, Thaler and Ravishankar 1998). `undefined` where it is ours to fetch.
 */
export function fetcherOf<T extends { peerId: string; playing: number }>(
  selfId: string,
  others: readonly T[],
  segment: number,
): T | undefined {
  let fetcher: T | undefined;
  let heaviest = { id: selfId, weight: weight(selfId, segment) };
  for (const other of others) {
    if (other.playing > segment || segment - other.playing > NEAR_SEGMENTS) continue;
    const theirs = { id: other.peerId, weight: weight(other.peerId, segment) };
    if (theirs.weight < heaviest.weight) continue;
    if (theirs.weight === heaviest.weight && theirs.id < heaviest.id) continue;
    heaviest = theirs;
    fetcher = other;
  }
  return fetcher;
}

/** FNV-1a over 32 bits, then mixed: ids differ in few characters, segments in one digit. */
function weight(peerId: string, segment: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${peerId} ${segment}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
