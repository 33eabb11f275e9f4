import { describe, expect, it } from 'vitest';
import { Challenges, MAX_CHALLENGES } from '../../../main/identity/challenges.ts';

const KEY = 'A'.repeat(43);

describe('session challenges', () => {
  it('give their nonce once', () => {
    const challenges = new Challenges(() => 0);
    const { challengeId, nonce } = challenges.issue(KEY);
    expect(challenges.take(challengeId, KEY)).toBe(nonce);
    expect(challenges.take(challengeId, KEY)).toBeUndefined();
  });

  it('are for the key that asked, and a wrong one spends them', () => {
    const challenges = new Challenges(() => 0);
    const { challengeId } = challenges.issue(KEY);
    expect(challenges.take(challengeId, 'B'.repeat(43))).toBeUndefined();
    expect(challenges.take(challengeId, KEY)).toBeUndefined();
  });

  it('run out after a minute', () => {
    let now = 0;
    const challenges = new Challenges(() => now);
    const first = challenges.issue(KEY);
    const second = challenges.issue(KEY);
    now = 59_999;
    expect(challenges.take(first.challengeId, KEY)).toBe(first.nonce);
    now = 60_000;
    expect(challenges.take(second.challengeId, KEY)).toBeUndefined();
  });

  it('never pile up, however many are asked for', () => {
    const challenges = new Challenges(() => 0);
    const first = challenges.issue(KEY);
    for (let i = 0; i < MAX_CHALLENGES; i++) challenges.issue(KEY);
    expect(challenges.size).toBe(MAX_CHALLENGES);
    expect(challenges.take(first.challengeId, KEY)).toBeUndefined();
  });
});
