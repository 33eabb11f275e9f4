import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RETURN_GRACE_MS, WindowPresence } from '../../../main/bridge/window-presence.ts';
import type { StudioApi } from '../../../preload/contract.ts';

const RECORDING_ID = 'rec_abcdefghij12';

/** Only what presence looks at; everything else would be called as it is. */
const api = {
  'studio.setActivity': async () => undefined,
  'recording.start': async () => ({ recordingId: RECORDING_ID }),
} as unknown as StudioApi;

describe('windows', () => {
  let gone: number;
  let windows: WindowPresence;

  beforeEach(() => {
    vi.useFakeTimers();
    gone = 0;
    windows = new WindowPresence(RETURN_GRACE_MS, () => {
      gone += 1;
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function enterRoom(windowId: string): Promise<void> {
    windows.opened(windowId);
    await windows.watch(windowId, api)['studio.setActivity']({ inRoom: true, recording: false });
  }

  it('that are in a room and do not come back are gone, once', async () => {
    await enterRoom('a');
    windows.closed('a');
    vi.advanceTimersByTime(RETURN_GRACE_MS - 1);
    expect(gone).toBe(0);
    vi.advanceTimersByTime(60_000);
    expect(gone).toBe(1);
  });

  it('that come back in time were never gone', async () => {
    await enterRoom('a');
    windows.closed('a');
    vi.advanceTimersByTime(RETURN_GRACE_MS - 1);
    windows.opened('a');
    vi.advanceTimersByTime(60_000);
    expect(gone).toBe(0);
  });

  it('whose new socket opens before the old one closes were never gone', async () => {
    await enterRoom('a');
    windows.opened('a');
    windows.closed('a');
    vi.advanceTimersByTime(60_000);
    expect(gone).toBe(0);
  });

  it('that are idle may close while another one is live', async () => {
    await enterRoom('live');
    windows.opened('idle');
    windows.closed('idle');
    vi.advanceTimersByTime(60_000);
    expect(gone).toBe(0);
  });

  it('that record count, whether or not they said that they are in a room', async () => {
    windows.opened('a');
    const watched = windows.watch('a', api);
    await watched['recording.start']({ roomId: 'room_abcdefghij12', mimeType: 'video/webm' });
    windows.closed('a');
    vi.advanceTimersByTime(RETURN_GRACE_MS);
    expect(gone).toBe(1);
  });

  it('that left their room first are simply closed', async () => {
    await enterRoom('a');
    await windows.watch('a', api)['studio.setActivity']({ inRoom: false, recording: false });
    windows.closed('a');
    vi.advanceTimersByTime(60_000);
    expect(gone).toBe(0);
  });

  it('are gone at once where a connection can’t come back', async () => {
    windows = new WindowPresence(0, () => {
      gone += 1;
    });
    await enterRoom('a');
    windows.closed('a');
    expect(gone).toBe(1);
  });

  it('are forgotten when the studio stops by itself', async () => {
    await enterRoom('a');
    windows.closed('a');
    windows.dispose();
    vi.advanceTimersByTime(60_000);
    expect(gone).toBe(0);
  });
});
