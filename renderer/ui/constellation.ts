/** A point of a drawing, in units of its 160 x 90 field. */
export interface Star {
  x: number;
  y: number;
  r: number;
}

export interface Constellation {
  stars: Star[];
  /** Pairs of indexes into `stars`. */
  edges: [number, number][];
}

/**
 * A small mesh drawn from an id, the same each time: what stands where a picture will be.
 * @param count stars to draw, 2 or more.
 */
export function constellation(seed: string, count = 11): Constellation {
  const random = generator(seed);
  const stars = Array.from({ length: count }, (_, i) => ({
    x: 6 + ((i + random() * 0.9) * 148) / count,
    y: 12 + random() * 66,
    r: 0.8 + random() * 1.6,
  }));
  const edges = stars.flatMap((star, i) => nearest(stars, i, star));
  return { stars, edges };
}

function nearest(stars: Star[], index: number, from: Star): [number, number][] {
  return stars
    .map((star, i) => ({ i, distance: Math.hypot(star.x - from.x, star.y - from.y) }))
    .filter(({ i }) => i > index)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 2)
    .map(({ i }): [number, number] => [index, i]);
}

/** FNV-1a for the seed, then mulberry32: enough for a drawing, useless for secrets. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i += 1) {
    state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
