import { describe, expect, it } from 'vitest';
import { CREDENTIAL_LIFETIME_MS, turnCredentials } from '../../../main/turn/turn-credentials.ts';
import { ROOM_LIMITS } from '../../../protocol/rooms.ts';

describe('TURN credentials', () => {
  it('say until when they hold and whose they are, and are signed as coturn expects', () => {
    // printf %s '1800000000:room_a.peer_b' | openssl dgst -sha1 -hmac north -binary | base64
    expect(turnCredentials('north', 'room_a.peer_b', 1_800_000_000_000)).toEqual({
      username: '1800000000:room_a.peer_b',
      credential: 'hKHlhCwRocWPEvuIHTIdO3oOHZI=',
    });
  });

  it('are not a whole second shorter than promised', () => {
    expect(turnCredentials('north', 'x', 1_800_000_000_001).username).toBe('1800000001:x');
  });

  it('hold longer than the ticket they come with', () => {
    expect(CREDENTIAL_LIFETIME_MS).toBeGreaterThan(ROOM_LIMITS.meshTicketLifetimeMs);
  });
});
