import { describe, expect, test } from 'vitest';
import { cardState, hasReplay } from '../../../renderer/feed/card-state.ts';

describe('what a stream card shows', () => {
  test('a room that is on is live, whatever its recording does', () => {
    expect(cardState({ liveStatus: 'live' })).toBe('live');
    expect(cardState({ liveStatus: 'live', recordingState: 'ready' })).toBe('live');
  });

  test('an ended room without a recording says that it ended', () => {
    expect(cardState({ liveStatus: 'ended' })).toBe('ended');
  });

  test.each(['recording', 'finalizing'] as const)(
    'a recording that is %s is being finished',
    (state) => {
      expect(cardState({ liveStatus: 'ended', recordingState: state })).toBe('processing');
    },
  );

  test.each(['ready', 'expired', 'failed'] as const)(
    'a recording that is %s is shown as that',
    (state) => {
      expect(cardState({ liveStatus: 'ended', recordingState: state })).toBe(state);
    },
  );

  test('a status that was asked for is newer than the post', () => {
    const post = { liveStatus: 'ended', recordingState: 'finalizing' } as const;
    expect(cardState(post, { state: 'ready' })).toBe('ready');
  });

  test('a recording stopped in a room still live can be watched already', () => {
    expect(hasReplay({ recordingState: 'ready' })).toBe(true);
    expect(hasReplay({ recordingState: 'finalizing' })).toBe(false);
    expect(hasReplay({ recordingState: 'ready' }, { state: 'expired' })).toBe(false);
    expect(hasReplay({})).toBe(false);
  });
});
