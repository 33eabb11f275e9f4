import { describe, expect, it } from 'vitest';
import type { Copy } from '../../../main/replicas/placement/copy-store.ts';
import {
  LOST_AFTER_MS,
  type PlacementInput,
  planPlacement,
} from '../../../main/replicas/placement/placement-plan.ts';

const NOW_MS = 1_800_000_000_000;
const NODES = ['https://a.example', 'https://b.example', 'https://c.example', 'https://d.example'];
const [A = '', B = '', C = '', D = ''] = NODES;

function copy(origin: string, change: Partial<Copy> = {}): Copy {
  return {
    recordingId: 'rec_one',
    origin,
    state: 'whole',
    heldBytes: 100,
    sizeBytes: 100,
    termsKey: undefined,
    provenAtMs: NOW_MS,
    failingSinceMs: undefined,
    trouble: undefined,
    ...change,
  };
}

function plan(change: Partial<PlacementInput>) {
  const { place, lost, leave } = planPlacement({
    recordings: [{ recordingId: 'rec_one', sizeBytes: 100 }],
    volunteers: NODES.map((origin, n) => ({ origin, freeBytes: 1000 - n })),
    knownOrigins: new Set(NODES),
    copies: [],
    wanted: 3,
    nowMs: NOW_MS,
    ...change,
  });
  const originsOf = (list: readonly { origin: string }[]) => list.map(({ origin }) => origin);
  return { place: originsOf(place), lost: originsOf(lost), leave: originsOf(leave) };
}

const nothing = { place: [], lost: [], leave: [] };

describe('where copies are placed', () => {
  it('on the nodes with the most room, each once', () => {
    expect(plan({})).toEqual({ ...nothing, place: [A, B, C] });
    expect(plan({ copies: [copy(B)] })).toEqual({ ...nothing, place: [A, C] });
    expect(plan({ copies: [copy(A), copy(B), copy(C)] })).toEqual(nothing);
  });

  it('on fewer where there are fewer, or where they have no room', () => {
    expect(plan({ volunteers: [{ origin: D, freeBytes: 100 }] }).place).toEqual([D]);
    expect(plan({ volunteers: [{ origin: D, freeBytes: 99 }] }).place).toEqual([]);
  });

  it('with what others take counted in', () => {
    const recordings = ['rec_one', 'rec_two'].map((recordingId) => ({
      recordingId,
      sizeBytes: 60,
    }));
    const volunteers = [{ origin: A, freeBytes: 100 }];
    const { place } = planPlacement({
      ...{ recordings, volunteers, knownOrigins: new Set([A]), copies: [], wanted: 1 },
      nowMs: NOW_MS,
    });
    expect(place.map(({ recordingId }) => recordingId)).toEqual(['rec_one']);
  });

  it('not again on a node that refused it, or lost it', () => {
    const copies = [copy(A, { state: 'refused' }), copy(B, { state: 'lost' })];
    expect(plan({ copies })).toEqual({ ...nothing, place: [C, D] });
  });
});

describe('a copy', () => {
  it('counts as lost once its node was away for a day, and is replaced', () => {
    const away = (ms: number) => [copy(A, { failingSinceMs: NOW_MS - ms }), copy(B), copy(C)];
    expect(plan({ copies: away(LOST_AFTER_MS - 1) })).toEqual(nothing);
    expect(plan({ copies: away(LOST_AFTER_MS) })).toEqual({ ...nothing, place: [D], lost: [A] });
  });

  it('leaves where there are too many, unfinished ones first', () => {
    const copies = [copy(A), copy(B, { state: 'copying' }), copy(C)];
    expect(plan({ copies, wanted: 2 }).leave).toEqual([B]);
    expect(plan({ copies, wanted: 0 }).leave).toEqual([B, A, C]);
  });

  it('leaves with its recording, and from a node that is not to have any', () => {
    expect(plan({ recordings: [], copies: [copy(A)] }).leave).toEqual([A]);
    const { leave, place } = plan({ knownOrigins: new Set([B, C, D]), copies: [copy(A)] });
    expect(leave).toEqual([A]);
    expect(place).toHaveLength(3);
    expect(plan({ recordings: [], copies: [copy(A, { state: 'leaving' })] })).toEqual(nothing);
  });
});
