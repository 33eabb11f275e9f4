import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  boundedRestarts,
  iceRestarts,
  LinkRecovery,
} from '../../../renderer/rooms/link-recovery.ts';

const GRACE_MS = 2_000;
const policy = boundedRestarts({ graceMs: GRACE_MS, allowancesMs: [4_000, 8_000] });

/** A connection that stands, and what its recovery did to it. */
function standingConnection() {
  const done: string[] = [];
  const recovery = new LinkRecovery(policy, {
    restart: () => done.push('restart'),
    giveUp: () => done.push('give up'),
    changed: (restarting) => done.push(restarting ? 'away' : 'back'),
  });
  recovery.follow('connecting');
  recovery.follow('connected');
  return { recovery, done };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a path that is disconnected', () => {
  it('and comes back by itself is left alone', () => {
    const { recovery, done } = standingConnection();
    recovery.follow('disconnected');
    vi.advanceTimersByTime(GRACE_MS - 1);
    recovery.follow('connected');
    vi.advanceTimersByTime(60_000);
    expect(done).toEqual([]);
  });

  it('for longer than its grace is restarted, and is well once it is connected', () => {
    const { recovery, done } = standingConnection();
    recovery.follow('disconnected');
    vi.advanceTimersByTime(GRACE_MS);
    expect(done).toEqual(['away', 'restart']);
    recovery.follow('connecting');
    recovery.follow('connected');
    vi.advanceTimersByTime(60_000);
    expect(done).toEqual(['away', 'restart', 'back']);
  });

  it('is given up after as many restarts as the policy has', () => {
    const { recovery, done } = standingConnection();
    recovery.follow('disconnected');
    vi.advanceTimersByTime(GRACE_MS + 4_000);
    expect(done).toEqual(['away', 'restart', 'restart']);
    vi.advanceTimersByTime(7_999);
    expect(done).not.toContain('give up');
    vi.advanceTimersByTime(1);
    expect(done.at(-1)).toBe('give up');
  });

  it('has all its restarts again after it was well', () => {
    const { recovery, done } = standingConnection();
    for (let times = 0; times < 4; times++) {
      recovery.follow('disconnected');
      vi.advanceTimersByTime(GRACE_MS);
      recovery.follow('connected');
    }
    expect(done.filter((act) => act === 'restart')).toHaveLength(4);
    expect(done).not.toContain('give up');
  });
});

describe('a path that failed', () => {
  it('is restarted at once', () => {
    const { recovery, done } = standingConnection();
    recovery.follow('disconnected');
    recovery.follow('failed');
    expect(done).toEqual(['away', 'restart']);
  });

  it('while it is being restarted gives the restart its time', () => {
    const { recovery, done } = standingConnection();
    recovery.follow('failed');
    recovery.follow('connecting');
    recovery.follow('failed');
    expect(done).toEqual(['away', 'restart']);
  });

  it('before it ever stood is not restarted', () => {
    const done: string[] = [];
    const recovery = new LinkRecovery(policy, {
      restart: () => done.push('restart'),
      giveUp: () => done.push('give up'),
      changed: () => done.push('changed'),
    });
    recovery.follow('connecting');
    recovery.networkChanged();
    recovery.asked();
    recovery.follow('failed');
    expect(done).toEqual(['give up']);
  });
});

describe('another network', () => {
  it('restarts at once, and nothing is away as long as the path holds', () => {
    const { recovery, done } = standingConnection();
    recovery.networkChanged();
    vi.advanceTimersByTime(60_000);
    expect(done).toEqual(['restart']);
  });

  it('is gone over to at once from a path that is already being restarted', () => {
    const { recovery, done } = standingConnection();
    recovery.follow('failed');
    recovery.networkChanged();
    expect(done).toEqual(['away', 'restart', 'restart']);
  });

  it('that leaves the path dead is noticed when the precaution runs out', () => {
    const { recovery, done } = standingConnection();
    recovery.networkChanged();
    recovery.follow('disconnected');
    vi.advanceTimersByTime(4_000);
    expect(done).toEqual(['restart', 'away', 'restart']);
  });
});

describe('the other side', () => {
  it('may ask for a restart that we see no need of', () => {
    const { recovery, done } = standingConnection();
    recovery.asked();
    expect(done).toEqual(['restart']);
  });

  it('does not get another while one is under way', () => {
    const { recovery, done } = standingConnection();
    recovery.follow('failed');
    recovery.asked();
    recovery.asked();
    expect(done).toEqual(['away', 'restart']);
  });
});

it('a connection that was ended is left alone', () => {
  const { recovery, done } = standingConnection();
  recovery.follow('disconnected');
  recovery.stop();
  vi.advanceTimersByTime(60_000);
  expect(done).toEqual([]);
});

it('restarts get more time each, and end', () => {
  const allowances: number[] = [];
  for (let attempt = 0; ; attempt++) {
    const ms = iceRestarts.allowanceMs(attempt);
    if (ms === undefined) break;
    allowances.push(ms);
  }
  expect(allowances.length).toBeGreaterThan(1);
  expect(allowances.toSorted((a, b) => a - b)).toEqual(allowances);
});
