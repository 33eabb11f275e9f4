import { describe, expect, it } from 'vitest';
import { leadsToThisComputer, linkUnder } from '../../../renderer/reach/share-link.ts';

describe('an invite link', () => {
  const link = 'http://127.0.0.1:41234/join/room_abc#invite=token';

  it('keeps its room and its invitation under another address', () => {
    expect(linkUnder(link, 'https://192.168.1.20:40443')).toBe(
      'https://192.168.1.20:40443/join/room_abc#invite=token',
    );
  });

  it.each([
    [link, true],
    ['http://localhost:1/join/x', true],
    ['http://[::1]:1/join/x', true],
    ['https://192.168.1.20/join/x', false],
    ['https://127.example/join/x', false],
  ])('%s leads to this computer alone: %s', (candidate, expected) => {
    expect(leadsToThisComputer(candidate)).toBe(expected);
  });
});
