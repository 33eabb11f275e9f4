import { describe, expect, it } from 'vitest';
import { IceUrl, isRelayUrl } from '../../../main/turn/ice-url.ts';

describe('the address of a TURN server', () => {
  it.each([
    'stun:turn.example.org',
    'stuns:turn.example.org:5349',
    'turn:turn.example.org:3478?transport=udp',
    'turn:192.0.2.7:3478?transport=tcp',
    'turns:[2001:db8::7]:443?transport=tcp',
    'turn:localhost',
  ])('may be %s', (url) => {
    expect(IceUrl.safeParse(url).success).toBe(true);
  });

  it.each([
    '',
    'turn.example.org',
    'https://turn.example.org',
    'turn://turn.example.org',
    'turn:',
    'turn:turn.example.org:99999',
    'turn:turn.example.org?transport=sctp',
    'stun:turn.example.org?transport=udp',
    'turn:turn.example.org:3478 turn:other',
    'turn:user@turn.example.org',
  ])('may not be "%s"', (url) => {
    expect(IceUrl.safeParse(url).success).toBe(false);
  });

  it('tells a relay, which costs its owner bandwidth, from a server that only answers', () => {
    expect(isRelayUrl('turn:turn.example.org')).toBe(true);
    expect(isRelayUrl('turns:turn.example.org')).toBe(true);
    expect(isRelayUrl('stun:turn.example.org')).toBe(false);
  });
});
