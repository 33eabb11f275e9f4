import { MediaProblem, mediaProblemOf } from './media-problem.ts';

/** What to ask for: `true` for the system's default, a device's id for a certain one. */
export interface WantedMedia {
  video: boolean | string;
  audio: boolean | string;
}

/** What was got. `problems` are notices: one device failed, the other goes on without it. */
export interface LocalMedia {
  stream: MediaStream;
  problems: readonly MediaProblem[];
}

/** A camera or microphone to choose from. */
export interface Device {
  deviceId: string;
  kind: 'camera' | 'microphone';
  label: string;
}

/**
 * Opens camera and microphone. Where one of them can't be had, the other is opened alone and the
 * reason is a notice. Rejects with a {@link MediaProblem} when nothing can be had.
 */
export async function acquireMedia(wanted: WantedMedia): Promise<LocalMedia> {
  requireMediaDevices();
  const video = wanted.video !== false && videoConstraints(wanted.video);
  const audio = wanted.audio !== false && audioConstraints(wanted.audio);
  if (!video || !audio) {
    const stream = await open({ video, audio }, video ? 'camera' : 'microphone');
    return { stream, problems: [] };
  }
  try {
    return { stream: await navigator.mediaDevices.getUserMedia({ video, audio }), problems: [] };
  } catch (error) {
    return acquireOne(video, audio, error);
  }
}

/** The cameras and microphones there are; labels are empty until access was given once. */
export async function listDevices(): Promise<Device[]> {
  requireMediaDevices();
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.flatMap(({ deviceId, kind, label }): Device[] => {
    if (kind === 'videoinput') return [{ deviceId, kind: 'camera', label }];
    if (kind === 'audioinput') return [{ deviceId, kind: 'microphone', label }];
    return [];
  });
}

/** Calls back when a device is plugged in or out, until the returned function is called. */
export function onDevicesChanged(listener: () => void): () => void {
  requireMediaDevices();
  navigator.mediaDevices.addEventListener('devicechange', listener);
  return () => navigator.mediaDevices.removeEventListener('devicechange', listener);
}

/** Turns camera and microphone off, light included. */
export function releaseMedia(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Together they failed: each is tried alone, but nobody who refused both is asked again. */
async function acquireOne(
  video: MediaTrackConstraints,
  audio: MediaTrackConstraints,
  cause: unknown,
): Promise<LocalMedia> {
  if (cause instanceof DOMException && cause.name === 'NotAllowedError') {
    const [camera, microphone] = await Promise.all([isDenied('camera'), isDenied('microphone')]);
    if (camera === microphone) throw mediaProblemOf('camera', cause);
  }
  const outcomes = await Promise.allSettled([
    open({ video }, 'camera'),
    open({ audio }, 'microphone'),
  ]);
  const tracks = outcomes.flatMap((o) => (o.status === 'fulfilled' ? o.value.getTracks() : []));
  const problems = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason] : []));
  if (tracks.length === 0) throw problems[0];
  return { stream: new MediaStream(tracks), problems };
}

async function open(
  constraints: MediaStreamConstraints,
  kind: 'camera' | 'microphone',
): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    throw mediaProblemOf(kind, error);
  }
}

async function isDenied(name: 'camera' | 'microphone'): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state === 'denied';
  } catch (error) {
    console.info(`This browser does not tell whether the ${name} is blocked.`, error);
    return false;
  }
}

function requireMediaDevices(): void {
  if (!globalThis.isSecureContext) throw new MediaProblem('insecure-page');
  if (!navigator.mediaDevices?.getUserMedia) throw new MediaProblem('media-unsupported');
}

function videoConstraints(wanted: true | string): MediaTrackConstraints {
  return {
    width: { ideal: 1280, max: 1920 },
    height: { ideal: 720, max: 1080 },
    frameRate: { ideal: 30, max: 30 },
    ...(typeof wanted === 'string' && { deviceId: { exact: wanted } }),
  };
}

function audioConstraints(wanted: true | string): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(typeof wanted === 'string' && { deviceId: { exact: wanted } }),
  };
}
