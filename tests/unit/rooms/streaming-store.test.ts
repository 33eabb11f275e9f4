import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StreamingState } from '../../../renderer/rooms/streaming.ts';
import { StreamingStore } from '../../../renderer/rooms/streaming-store.ts';
import { joining, left } from '../../../renderer/rooms/streaming-transitions.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A store, and every phase that a page watching it was told of. */
function watchedStore() {
  const store = new StreamingStore();
  const shown: StreamingState['phase'][] = [];
  store.api.subscribe(({ phase }) => shown.push(phase));
  return { store, shown };
}

describe('the page', () => {
  it('is shown a change at once while nothing is held', () => {
    const { store, shown } = watchedStore();
    store.apply(joining);
    expect(shown).toEqual(['joining']);
  });

  it('is shown the newest state alone when a hold ends, while the room already knew', () => {
    const { store, shown } = watchedStore();
    const release = store.hold(100);
    store.apply(joining);
    expect(store.state.phase).toBe('joining');
    store.apply(left);
    store.apply(joining);
    expect(store.api.getState().phase).toBe('outside');
    expect(shown).toEqual([]);
    release();
    expect(shown).toEqual(['joining']);
  });

  it('is not shown a change before the last of several holds ended', () => {
    const { store, shown } = watchedStore();
    const first = store.hold(100);
    const second = store.hold(100);
    store.apply(joining);
    first();
    first();
    expect(shown).toEqual([]);
    second();
    expect(shown).toEqual(['joining']);
  });

  it('is not kept waiting by a hold that nobody ends', () => {
    const { store, shown } = watchedStore();
    store.hold(100);
    store.apply(joining);
    vi.advanceTimersByTime(99);
    expect(shown).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(shown).toEqual(['joining']);
  });
});
