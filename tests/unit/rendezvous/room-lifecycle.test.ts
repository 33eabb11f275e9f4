import { describe, expect, it } from 'vitest';
import {
  endsWhenEmpty,
  presenceAfter,
  recordingRequested,
  recordingTimedOut,
} from '../../../main/rendezvous/room-lifecycle.ts';

describe('somebody who falls silent', () => {
  it.each([
    [0, 'active'],
    [59_999, 'active'],
    [60_000, 'suspect'],
    [89_999, 'suspect'],
    [90_000, 'removed'],
  ])('is after %i ms %s', (silentMs, presence) => {
    expect(presenceAfter(silentMs)).toBe(presence);
  });
});

describe('a room', () => {
  it('ends once nobody has been there for 90 s', () => {
    expect(endsWhenEmpty(undefined, 1_000_000)).toBe(false);
    expect(endsWhenEmpty(1000, 90_999)).toBe(false);
    expect(endsWhenEmpty(1000, 91_000)).toBe(true);
  });
});

describe('turning recording on and off', () => {
  it.each([
    ['off', true, 'starting'],
    ['failed', true, 'starting'],
    ['starting', true, 'starting'],
    ['recording', true, 'recording'],
    ['starting', false, 'stopping'],
    ['recording', false, 'stopping'],
    ['stopping', false, 'stopping'],
    ['off', false, 'off'],
    ['failed', false, 'failed'],
  ] as const)('from %s to %s makes it %s', (state, enabled, next) => {
    expect(recordingRequested(state, enabled)).toBe(next);
  });

  it('is refused while the last recording is being finished', () => {
    expect(() => recordingRequested('stopping', true)).toThrow(
      expect.objectContaining({ code: 'already-recording' }),
    );
  });
});

describe('a recording nobody confirms', () => {
  it('has failed after 15 s, with a sentence', () => {
    const starting = { state: 'starting' as const, since: 0, started: false };
    expect(recordingTimedOut(starting, 14_999)).toBeUndefined();
    expect(recordingTimedOut(starting, 15_000)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('off and on again'),
    });
  });

  it('that was stopped before it began is simply off', () => {
    const stopping = { state: 'stopping' as const, since: 0, started: false };
    expect(recordingTimedOut(stopping, 15_000)).toEqual({ state: 'off' });
  });

  it('that never finishes has failed, and says that it is kept', () => {
    const stopping = { state: 'stopping' as const, since: 0, started: true };
    expect(recordingTimedOut(stopping, 15_000)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('kept'),
    });
  });

  it.each(['off', 'recording', 'failed'] as const)('stays %s', (state) => {
    expect(recordingTimedOut({ state, since: 0, started: true }, 1e9)).toBeUndefined();
  });
});
