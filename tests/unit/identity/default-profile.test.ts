import { describe, expect, it } from 'vitest';
import { defaultProfile } from '../../../main/identity/default-profile.ts';

describe('the first profile', () => {
  it('takes the system’s user name as it is when that is a valid handle', () => {
    expect(defaultProfile('ann')).toEqual({ handle: 'ann', displayName: 'ann' });
  });

  it.each([
    ['Ann Smith', 'ann-smith', 'Ann Smith'],
    ['DOMAIN\\José', 'domain-jose', 'DOMAIN\\José'],
    ['__x__', 'member', '__x__'],
    ['李', 'member', '李'],
    ['', 'member', 'Member'],
    ['   ', 'member', 'Member'],
    ['-a', 'member', '-a'],
    ['a'.repeat(100), 'a'.repeat(32), 'a'.repeat(64)],
  ])('makes something valid from %j', (userName, handle, displayName) => {
    expect(defaultProfile(userName)).toEqual({ handle, displayName });
  });
});
