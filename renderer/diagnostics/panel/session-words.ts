import type { RelayUse } from '../../rooms/relay-use.ts';
import type { HeartbeatEcho, RecorderStatus, SignallingState } from '../../rooms/streaming.ts';

const SIGNALLING: Record<SignallingState, string> = {
  offline: 'Not connected',
  connecting: 'Connecting',
  online: 'Connected',
  retrying: 'Reconnecting; pictures and sound go on',
};

export function signallingWords(state: SignallingState): string {
  return SIGNALLING[state];
}

/** When the node was last heard of, and how quickly it answered. */
export function heartbeatWords(echo: HeartbeatEcho | undefined, nowMs: number): string {
  if (!echo) return 'None answered yet';
  const seconds = Math.max(0, Math.round((nowMs - echo.atMs) / 1000));
  const answer =
    echo.roundTripMs < 1 ? 'under 1\u00a0ms' : `${Math.round(echo.roundTripMs)}\u00a0ms`;
  return `${seconds} s ago, echo in ${answer}`;
}

/** e.g. `3 of at most 4 people, nearly full`; `undefined` where nobody is relayed. */
export function relayWords({ people, cap, state }: RelayUse): string | undefined {
  if (people === 0) return undefined;
  if (cap === undefined) return people === 1 ? '1 person' : `${people} people`;
  return `${people} of at most ${cap} people, ${state === 'full' ? 'full' : 'nearly full'}`;
}

const RECORDER: Record<RecorderStatus['state'], string> = {
  off: 'Off',
  starting: 'Starting',
  recording: 'Recording',
  paused: 'Paused',
  restarting: 'Restarting',
  stopping: 'Finishing',
  failed: 'Failed',
};

/** e.g. `Recording, 12.4 MB on disk`. */
export function recorderWords({ state, writtenBytes }: RecorderStatus): string {
  if (writtenBytes === 0) return RECORDER[state];
  return `${RECORDER[state]}, ${(writtenBytes / 1_000_000).toFixed(1)} MB on disk`;
}
