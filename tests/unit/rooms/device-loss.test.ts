import { expect, it } from 'vitest';
import { watchDevices } from '../../../renderer/rooms/device-loss.ts';
import { StreamingStore } from '../../../renderer/rooms/streaming-store.ts';
import { joined, left, localStreamChanged } from '../../../renderer/rooms/streaming-transitions.ts';
import { participant, room } from './room-fixtures.ts';

/** A track that the browser can end. */
class FakeTrack extends EventTarget {
  readonly kind: 'audio' | 'video';
  readyState = 'live';

  constructor(kind: 'audio' | 'video') {
    super();
    this.kind = kind;
  }

  unplug(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

function streamOf(...tracks: FakeTrack[]): MediaStream {
  return { getTracks: () => tracks } as unknown as MediaStream;
}

function inRoom(stream: MediaStream) {
  const store = new StreamingStore();
  const muted: unknown[] = [];
  const problems: unknown[] = [];
  watchDevices(store, { set: async (...mute: unknown[]) => void muted.push(mute) }, (problem) =>
    problems.push(problem),
  );
  const ada = participant('ada');
  store.apply(joined, { room: room(), participant: ada, participants: [ada] }, { stream });
  return { store, muted, problems };
}

it('a microphone that is unplugged counts as muted, with the reason', () => {
  const microphone = new FakeTrack('audio');
  const { store, muted } = inRoom(streamOf(microphone, new FakeTrack('video')));
  microphone.unplug();
  expect(store.state.self?.lost).toEqual({ audio: true });
  expect(muted).toEqual([['audio', true, { deviceLost: true }]]);
});

it('another device in its place ends the loss', () => {
  const microphone = new FakeTrack('audio');
  const camera = new FakeTrack('video');
  const { store } = inRoom(streamOf(microphone, camera));
  microphone.unplug();
  camera.unplug();
  store.apply(localStreamChanged, streamOf(new FakeTrack('audio'), camera));
  expect(store.state.self?.lost).toEqual({ video: true });
  store.apply(localStreamChanged, streamOf(new FakeTrack('audio'), new FakeTrack('video')));
  expect(store.state.self?.lost).toBeUndefined();
});

it('a device that was replaced, or of a room that was left, is not missed', () => {
  const replaced = new FakeTrack('audio');
  const { store, muted } = inRoom(streamOf(replaced));
  const next = new FakeTrack('audio');
  store.apply(localStreamChanged, streamOf(next));
  replaced.unplug();
  store.apply(left);
  next.unplug();
  expect(muted).toEqual([]);
});
