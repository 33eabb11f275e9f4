import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Room } from '../../../protocol/rooms.ts';
import { HAND_OVER_MS, RecordingTakeover } from '../../../renderer/rooms/recording-takeover.ts';
import type { StreamingState } from '../../../renderer/rooms/streaming.ts';
import { joined, OUTSIDE, roomUpdated } from '../../../renderer/rooms/streaming-transitions.ts';
import { participant, room } from './room-fixtures.ts';

const ada = participant('ada', { role: 'host' });
const TAKE = 'rec_0123456789abcdef';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A host who comes into a room in this state, and what is asked of node and main then. */
function arriving(at: Partial<Room>, role: 'host' | 'speaker' = 'host') {
  const asked: string[] = [];
  const takeover = new RecordingTakeover({
    api: {
      setRecording: async (_roomId, enabled) => {
        asked.push(enabled ? 'record' : 'stop');
        return { room: room() };
      },
    },
    bridge: {
      call: async (method, input) => {
        asked.push(`${method} ${JSON.stringify(input)}`);
        return undefined as never;
      },
    },
    problem: (error) => asked.push(String(error)),
  });
  const me = { ...ada, role };
  let state: StreamingState = joined(OUTSIDE, {
    room: room(at),
    participant: me,
    participants: [me],
  });
  takeover.entered({ room: room(at), participant: me });
  takeover.follow(state);
  return {
    asked,
    takeover,
    says(recording: Room['recording']) {
      state = roomUpdated(state, room({ ...at, recording }), [me]);
      takeover.follow(state);
    },
    leaves: () => takeover.follow(OUTSIDE),
  };
}

const STOP = `recording.stop ${JSON.stringify({ recordingId: TAKE })}`;

describe('a host who goes on in another window while the room is recorded', () => {
  it('records the next take as soon as the first window has finished its own', () => {
    const { asked, takeover, says } = arriving({ recording: 'recording', recordingId: TAKE });
    expect(takeover.waits).toBe(true);
    says('stopping');
    expect(asked).toEqual([]);
    says('off');
    expect(asked).toEqual(['record']);
    expect(takeover.waits).toBe(false);
    says('recording');
    says('off');
    expect(asked).toEqual(['record']);
  });

  it('has main finish the take of a window that is gone', () => {
    const { asked, says } = arriving({ recording: 'recording', recordingId: TAKE });
    vi.advanceTimersByTime(HAND_OVER_MS);
    expect(asked).toEqual([STOP]);
    says('off');
    expect(asked).toEqual([STOP, 'record']);
  });

  it('does not record unasked what the host had paused', () => {
    const { asked, says } = arriving({
      ...{ recording: 'recording', recordingId: TAKE },
      recordingPausedAt: '2026-01-01T12:00:00.000Z',
    });
    says('off');
    expect(asked).toEqual([expect.stringContaining('was paused')]);
  });

  it('also takes over a recording whose first slice is not on disk yet', () => {
    const { asked, says } = arriving({ recording: 'starting', recordingId: TAKE });
    says('off');
    expect(asked).toEqual(['record']);
  });

  it('who then stops the recording is not recorded again', async () => {
    const { asked, takeover, says } = arriving({ recording: 'recording', recordingId: TAKE });
    await takeover.giveUp();
    expect(asked).toEqual([STOP]);
    says('off');
    expect(asked).toEqual([STOP]);
  });

  it('starts nothing where the take failed: the host has to see that first', () => {
    const { asked, says } = arriving({ recording: 'recording', recordingId: TAKE });
    says('failed');
    vi.advanceTimersByTime(HAND_OVER_MS);
    expect(asked).toEqual([]);
  });

  it('who leaves at once leaves the take to whoever comes', () => {
    const { asked, leaves } = arriving({ recording: 'recording', recordingId: TAKE });
    leaves();
    vi.advanceTimersByTime(HAND_OVER_MS);
    expect(asked).toEqual([]);
  });
});

describe('a studio that crashed while its window recorded', () => {
  it('goes on recording once what the crash left behind is a replay', () => {
    const { asked, takeover, says } = arriving({ recording: 'starting' });
    takeover.restarted(TAKE);
    says('recording');
    expect(asked).toEqual([]);
    says('off');
    expect(asked).toEqual(['record']);
    expect(takeover.waits).toBe(false);
  });

  it('is not made to record where the rest could not be finished', () => {
    const { asked, takeover, says } = arriving({ recording: 'starting' });
    takeover.restarted(TAKE);
    says('failed');
    expect(asked).toEqual([]);
  });
});

it.each([
  ['into a room that is not recorded', { recording: 'off' }, 'host'],
  ['to record it as asked at its start', { recording: 'starting' }, 'host'],
  ['while the host ends the recording', { recording: 'stopping', recordingId: TAKE }, 'host'],
  ['as a guest', { recording: 'recording', recordingId: TAKE }, 'speaker'],
] as const)('somebody who comes %s takes nothing over', (_how, at, role) => {
  const { asked, takeover, says } = arriving(at, role);
  expect(takeover.waits).toBe(false);
  says('off');
  vi.advanceTimersByTime(HAND_OVER_MS);
  expect(asked).toEqual([]);
});
