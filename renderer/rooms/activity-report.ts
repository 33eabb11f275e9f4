import type { Bridge } from '../bridge/bridge.ts';
import type { StreamingStore } from './streaming-store.ts';

/**
 * Tells main whenever it changes whether closing the window would cut something off, and again to
 * another start of it, which knows nothing.
 */
export function reportActivity(
  store: StreamingStore,
  bridge: Pick<Bridge, 'call' | 'onRestart'>,
): void {
  let inRoom = false;
  let recording = false;
  store.api.subscribe(({ phase, recorder }) => {
    const nowInRoom = phase === 'inside';
    const nowRecording = recorder.state !== 'off' && recorder.state !== 'failed';
    if (nowInRoom === inRoom && nowRecording === recording) return;
    inRoom = nowInRoom;
    recording = nowRecording;
    tell();
  });
  bridge.onRestart(tell);

  function tell(): void {
    bridge
      .call('studio.setActivity', { inRoom, recording })
      .catch((error) => console.warn('Main could not be told what goes on here.', error));
  }
}
