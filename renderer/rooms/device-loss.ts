import type { MuteControl } from './mute-control.ts';
import type { StreamingStore } from './streaming-store.ts';
import { deviceLost } from './streaming-transitions.ts';

/**
 * Notices when one's own camera or microphone ends by itself (unplugged, taken away, broken) while
 * in a room, and tells everybody: what is not sent any more counts as muted, with the reason.
 */
export function watchDevices(
  store: StreamingStore,
  mute: Pick<MuteControl, 'set'>,
  problem: (error: unknown) => void,
): void {
  const watched = new WeakSet<MediaStreamTrack>();
  store.api.subscribe(({ self }, former) => {
    if (!self?.stream || self.stream === former.self?.stream) return;
    for (const track of self.stream.getTracks()) {
      if (watched.has(track)) continue;
      watched.add(track);
      track.addEventListener('ended', () => lost(track));
    }
  });

  function lost(track: MediaStreamTrack): void {
    const { phase, self } = store.state;
    if (phase !== 'inside' || !self?.stream?.getTracks().includes(track)) return;
    const kind = track.kind === 'audio' ? 'audio' : 'video';
    store.apply(deviceLost, kind);
    mute.set(kind, true, { deviceLost: true }).catch(problem);
  }
}
