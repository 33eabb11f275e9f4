import { describe, expect, it } from 'vitest';
import { RELAYED_LINK_MBPS, TurnBudget } from '../../../main/turn/turn-budget.ts';

/** A room of so many people, of whom so many are relayed. */
function room(people: number, relayed: number): { connection: 'direct' | 'turn' }[] {
  return Array.from({ length: people }, (_, at) => ({
    connection: at < relayed ? 'turn' : 'direct',
  }));
}

describe('a room’s share of the relay', () => {
  const budget = new TurnBudget(10);

  it.each([
    [0, 'available'],
    [7, 'available'],
    [8, 'strained'],
    [9, 'strained'],
    [10, 'full'],
    [12, 'full'],
  ] as const)('with %i of 10 relayed is %s', (relayed, state) => {
    const use = budget.use(room(12, relayed));
    expect(use).toMatchObject({ relayedParticipants: relayed, cap: 10, state });
    expect(use.ratio).toBeCloseTo(relayed / 10);
  });

  it('is full with the first where it may have one', () => {
    expect(new TurnBudget(1).use(room(2, 1)).state).toBe('full');
  });

  it.each([
    // Nobody needs it; one to three others; two among themselves and to one other; all of four.
    [4, 0, 0],
    [4, 1, 3],
    [3, 2, 3],
    [4, 4, 6],
    [1, 1, 0],
  ])('of %i people with %i relayed carries %i connections', (people, relayed, links) => {
    const { estimatedMbps } = budget.use(room(people, relayed));
    expect(estimatedMbps).toBeCloseTo(links * RELAYED_LINK_MBPS);
    expect(RELAYED_LINK_MBPS).toBeCloseTo(1.89);
  });

  it('goes to anybody until it is full, and then only to those who use it already', () => {
    const nearly = budget.use(room(12, 9));
    const full = budget.use(room(12, 10));
    expect(budget.allows(nearly, { connection: 'direct' })).toBe(true);
    expect(budget.allows(full, { connection: 'direct' })).toBe(false);
    expect(budget.allows(full, { connection: 'turn' })).toBe(true);
  });
});
