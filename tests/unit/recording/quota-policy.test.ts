import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  planForQuota,
  QUOTA_SPARES_MS,
  type QuotaCandidate,
} from '../../../main/recording/library/quota-policy.ts';

const NOW = Date.UTC(2026, 0, 31);
const DAY = 24 * 60 * 60 * 1000;
let count = 0;

function recording(overrides: Partial<QuotaCandidate> = {}): QuotaCandidate {
  count += 1;
  return {
    recordingId: `rec_${count}`,
    state: 'ready',
    pinned: false,
    held: false,
    endedAtMs: NOW - 5 * DAY,
    retainUntilMs: NOW + 25 * DAY,
    sizeBytes: 100,
    ...overrides,
  };
}

describe('to fit a quota', () => {
  it('nothing goes where everything fits', () => {
    expect(planForQuota([recording(), recording()], 200, NOW)).toEqual({
      goes: [],
      stillOverBytes: 0,
    });
  });

  it('the one whose time is up first goes first, and no more than is needed', () => {
    const [later, soon, sooner] = [
      recording({ retainUntilMs: NOW + 3 * DAY }),
      recording({ retainUntilMs: NOW + 2 * DAY }),
      recording({ retainUntilMs: NOW + 1 * DAY }),
    ];
    expect(planForQuota([later, soon, sooner], 150, NOW)).toEqual({
      goes: [sooner.recordingId, soon.recordingId],
      stillOverBytes: 0,
    });
  });

  it.each<[string, Partial<QuotaCandidate>]>([
    ['is pinned', { pinned: true }],
    ['is being watched or exported', { held: true }],
    ['is being recorded', { state: 'recording' }],
    ['is being finished', { state: 'finalizing' }],
    ['failed, so that its journal is all there is', { state: 'failed' }],
    ['ended within the last day', { endedAtMs: NOW - QUOTA_SPARES_MS + 1 }],
    ['ended in the future, by a clock that was put back', { endedAtMs: NOW + DAY }],
  ])('one that %s never goes, and what is too much is told', (_why, spared) => {
    expect(planForQuota([recording(spared)], 30, NOW)).toEqual({ goes: [], stillOverBytes: 70 });
  });

  it('whatever there is, only what may go goes, and not one too many', () => {
    const candidates = fc.array(
      fc.record({
        recordingId: fc.uuid(),
        state: fc.constantFrom('ready', 'failed', 'recording', 'finalizing', 'expired'),
        pinned: fc.boolean(),
        held: fc.boolean(),
        endedAtMs: fc.integer({ min: NOW - 9 * DAY, max: NOW + DAY }),
        retainUntilMs: fc.integer({ min: NOW - DAY, max: NOW + 30 * DAY }),
        sizeBytes: fc.integer({ min: 1, max: 1000 }),
      }),
    );
    fc.assert(
      fc.property(candidates, fc.integer({ min: 0, max: 5000 }), (all, quota) => {
        const { goes, stillOverBytes } = planForQuota(all, quota, NOW);
        const gone = all.filter(({ recordingId }) => goes.includes(recordingId));
        expect(gone.every(({ pinned, held, state }) => !pinned && !held && state === 'ready')).toBe(
          true,
        );
        const size = (some: readonly QuotaCandidate[]) =>
          some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        const left = size(all) - size(gone);
        expect(stillOverBytes).toBe(Math.max(0, left - quota));
        const last = gone.find(({ recordingId }) => recordingId === goes.at(-1));
        if (last) expect(left + last.sizeBytes).toBeGreaterThan(quota);
      }),
    );
  });
});
