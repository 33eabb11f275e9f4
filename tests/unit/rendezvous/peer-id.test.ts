import { describe, expect, it } from 'vitest';
import { newPeerId } from '../../../main/rendezvous/peer-id.ts';
import { isInitiator } from '../../../protocol/identity.ts';
import { PeerId } from '../../../protocol/rooms.ts';

const NOW = Date.UTC(2026, 0, 31);

describe('the id of somebody who comes in', () => {
  it('sorts before those who are there, so that the newcomer makes the offers', () => {
    const ids = [0, 1, 15, 16, 60_000, 365 * 86_400_000].map((later) => newPeerId(NOW + later));
    for (const [index, earlier] of ids.entries()) {
      for (const later of ids.slice(index + 1)) expect(isInitiator(later, earlier)).toBe(true);
    }
  });

  it('is one of the protocol’s, and nobody else’s', () => {
    const ids = new Set(Array.from({ length: 1000 }, () => newPeerId(NOW)));
    expect(ids.size).toBe(1000);
    for (const id of ids) expect(PeerId.safeParse(id).success).toBe(true);
  });
});
