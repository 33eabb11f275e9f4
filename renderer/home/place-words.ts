import type { NodePlace } from '../../protocol/home.ts';

/** A home as its owner reads it. */
export function homeOf(place: NodePlace): { name: string; detail: string; own: boolean } {
  return place.kind === 'own'
    ? { name: 'This computer', detail: 'Your rooms are here while the studio runs.', own: true }
    : { name: place.name, detail: place.origin, own: false };
}
