import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../main/feed/feed-cursor.ts';
import { postForRecording } from '../../../main/feed/stream-posts.ts';

describe('the post that takes a recording', () => {
  const live = { postId: 'live', liveStatus: 'live', recordingId: undefined };
  const liveTaken = { postId: 'live', liveStatus: 'live', recordingId: 'rec_1' };
  const ended = { postId: 'ended', liveStatus: 'ended', recordingId: undefined };
  const endedTaken = { postId: 'ended', liveStatus: 'ended', recordingId: 'rec_0' };

  it('is the one that has it already, however old', () => {
    expect(postForRecording([live, endedTaken], 'rec_0')).toBe(endedTaken);
  });

  it('is else the newest without one, live or ended', () => {
    expect(postForRecording([live, endedTaken], 'rec_2')).toBe(live);
    expect(postForRecording([ended, endedTaken], 'rec_2')).toBe(ended);
  });

  it.each(['failed', 'expired'] as const)('is the live one whose first one has %s', (state) => {
    const without = { ...liveTaken, recordingState: state };
    expect(postForRecording([without], 'rec_2')).toBe(without);
    expect(postForRecording([{ ...without, liveStatus: 'ended' }], 'rec_2')).toBeUndefined();
  });

  it('is none when the newest show has its replay already, which stays to be watched', () => {
    expect(postForRecording([liveTaken], 'rec_2')).toBeUndefined();
    expect(postForRecording([endedTaken, ended], 'rec_2')).toBeUndefined();
    expect(postForRecording([], 'rec_2')).toBeUndefined();
  });
});

describe('a page mark', () => {
  it('comes back as it was given', () => {
    expect(decodeCursor(encodeCursor(42))).toBe(42);
  });

  it.each(['', 'nonsense', '42', Buffer.from('after:-1').toString('base64url')])(
    'is not %j',
    (cursor) => {
      expect(() => decodeCursor(cursor)).toThrow(
        expect.objectContaining({ code: 'validation-failed' }),
      );
    },
  );
});
