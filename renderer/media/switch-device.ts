import { acquireMedia } from './devices.ts';

/** Which device to use from now on; `undefined` leaves the one in use. */
export interface DeviceChoice {
  camera?: string | undefined;
  microphone?: string | undefined;
}

/**
 * The stream with other devices in it: tracks of devices that stay are the same ones. Rejects with
 * a `MediaProblem`, and then nothing has changed.
 */
export async function switchDevices(
  stream: MediaStream | undefined,
  { camera, microphone }: DeviceChoice,
): Promise<MediaStream> {
  const kept = (stream?.getTracks() ?? []).filter(
    ({ kind, readyState }) =>
      readyState === 'live' && (kind === 'audio' ? microphone : camera) === undefined,
  );
  if (camera === undefined && microphone === undefined) return new MediaStream(kept);
  const { stream: added, problems } = await acquireMedia({
    video: camera ?? false,
    audio: microphone ?? false,
  });
  if (problems[0]) {
    for (const track of added.getTracks()) track.stop();
    throw problems[0];
  }
  return new MediaStream([...kept, ...added.getTracks()]);
}

/** The device that a track comes from. */
export function deviceIdOf(
  stream: MediaStream | undefined,
  kind: 'audio' | 'video',
): string | undefined {
  const track = stream?.getTracks().find((t) => t.kind === kind && t.readyState === 'live');
  return track?.getSettings().deviceId;
}
