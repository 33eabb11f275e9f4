import { describe, expect, it } from 'vitest';
import { lostDeviceWords, lostOnTile } from '../../../renderer/stage/devices/lost-device-words.ts';
import {
  recordedMs,
  recordingTroubleWords,
} from '../../../renderer/stage/recording/recording-words.ts';
import { room } from '../rooms/room-fixtures.ts';

const AT = Date.parse('2026-01-01T12:00:00.000Z');
const startedAt = '2026-01-01T12:00:00.000Z';

describe('how long a room has been recorded', () => {
  it('leaves out pauses, and stands still in one', () => {
    const started = { recordingStartedAt: startedAt };
    expect(recordedMs(started, AT + 60_000)).toBe(60_000);
    expect(recordedMs({ ...started, recordingPausedMs: 10_000 }, AT + 60_000)).toBe(50_000);
    const paused = { ...started, recordingPausedAt: '2026-01-01T12:00:30.000Z' };
    expect(recordedMs(paused, AT + 60_000)).toBe(30_000);
    expect(recordedMs({}, AT)).toBeUndefined();
  });
});

describe('what is amiss with a recording', () => {
  const recordingTrouble = {
    code: 'storage-full' as const,
    message: 'The disk is full.',
    since: startedAt,
  };
  const recorded = room({ recording: 'recording', recordingTrouble });
  const guest = { peerId: 'p', role: 'speaker' as const, muted: { audio: false, video: false } };

  it('is what the node says of a recording that runs', () => {
    const state = { room: recorded, self: guest, signalling: 'online' as const };
    expect(recordingTroubleWords(state)).toBe('The disk is full.');
    expect(recordingTroubleWords({ ...state, room: room({ recordingTrouble }) })).toBeUndefined();
  });

  it('is not known to guests while the host’s studio can’t be reached', () => {
    const state = { room: recorded, signalling: 'retrying' as const };
    expect(recordingTroubleWords({ ...state, self: guest })).toMatch(/nobody here knows/);
    expect(recordingTroubleWords({ ...state, self: { ...guest, role: 'host' } })).toBe(
      'The disk is full.',
    );
  });
});

describe('a lost device', () => {
  it('is told with what the others and a recording get instead', () => {
    expect(lostDeviceWords({ audio: true }, true)).toBe(
      'Your microphone was disconnected. The others don’t hear you, and the recording has silence for you.',
    );
    expect(lostDeviceWords({ video: true }, false)).toBe(
      'Your camera was disconnected. The others don’t see you.',
    );
    expect(lostDeviceWords(undefined, true)).toBeUndefined();
  });

  it('is told on the tile', () => {
    expect(lostOnTile({ audio: false, video: true })).toBe('Camera disconnected');
    expect(lostOnTile({ audio: true, video: true })).toBe('Camera and microphone disconnected');
    expect(lostOnTile({ audio: false, video: false })).toBeUndefined();
  });
});
