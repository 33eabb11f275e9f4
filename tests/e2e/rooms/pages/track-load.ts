import { hostClockMs } from '../../../../renderer/media/host-clock.ts';
import type { ProgrammeSource } from '../../../../renderer/media/programme-sources.ts';
import { FrameTap } from '../../../../renderer/tracks/frame-tap.ts';
import { TrackRecorder } from '../../../../renderer/tracks/track-recorder.ts';
import { TrackKeeper } from './track-keeper.ts';

/** What is done with what the host receives. */
export type LoadMode = 'untapped' | 'tapped' | 'separate-tracks' | 'media-recorder';

const sources: ProgrammeSource[] = [];
let tap: FrameTap | undefined;
let end: () => Promise<void> | void = () => undefined;
let keptBytes = 0;

/** Connects so many cameras and microphones to the host's side of this page. */
async function connect(peers: number, mode: LoadMode): Promise<void> {
  const constraints = { audio: true, video: { width: 640, height: 360, frameRate: 30 } };
  const camera = await navigator.mediaDevices.getUserMedia(constraints);
  tap = mode === 'untapped' ? undefined : new FrameTap((sentence) => console.error(sentence));
  for (let index = 0; index < peers; index += 1) await connectPeer(index, camera.clone());
}

async function connectPeer(index: number, camera: MediaStream): Promise<void> {
  const [sending, receiving] = [new RTCPeerConnection(), new RTCPeerConnection()];
  sending.onicecandidate = ({ candidate }) => candidate && receiving.addIceCandidate(candidate);
  receiving.onicecandidate = ({ candidate }) => candidate && sending.addIceCandidate(candidate);
  for (const track of camera.getTracks()) sending.addTrack(track, camera);
  const peerId = `peer_load000000${index}`;
  const received = new MediaStream();
  receiving.ontrack = ({ track, receiver }) => {
    tap?.open(receiver, peerId);
    received.addTrack(track);
  };
  await sending.setLocalDescription();
  await receiving.setRemoteDescription(sending.localDescription ?? { type: 'offer' });
  await receiving.setLocalDescription();
  await sending.setRemoteDescription(receiving.localDescription ?? { type: 'answer' });
  const video = document.createElement('video');
  Object.assign(video, { autoplay: true, width: 320, srcObject: received });
  document.body.append(video);
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  const [audio] = received.getAudioTracks();
  const [picture] = received.getVideoTracks();
  sources.push({
    ...{ peerId, name: `Peer ${index}`, local: false, audioMuted: false, videoMuted: false },
    ...(audio && { audio }),
    ...(picture && { video: picture }),
  });
}

/** Begins what the mode is for. */
function begin(mode: LoadMode): void {
  if (mode === 'separate-tracks') end = keepTracks();
  else if (mode === 'media-recorder') end = encodeAgain();
}

function keepTracks(): () => Promise<void> {
  const keeper = new TrackKeeper();
  const tracks = new TrackRecorder({
    ...{ bridge: keeper, recordingId: 'rec_0123456789abcdef' },
    take: { take: 0, takeStartedAtMs: hostClockMs() },
    taps: () => (tap ? [tap] : []),
    problem: (sentence) => console.error(sentence),
  });
  tracks.update(sources);
  return async () => {
    await tracks.stop();
    keptBytes = keeper.bytes;
  };
}

function encodeAgain(): () => void {
  const recorders = sources.flatMap(({ audio, video }) =>
    [audio, video].flatMap((track) => (track ? [encode(track)] : [])),
  );
  return () => {
    for (const recorder of recorders) recorder.stop();
  };
}

function encode(track: MediaStreamTrack): MediaRecorder {
  const mimeType = track.kind === 'video' ? 'video/webm;codecs=vp8' : 'audio/webm;codecs=opus';
  const bits = { videoBitsPerSecond: 1_500_000, audioBitsPerSecond: 32_000 };
  const recorder = new MediaRecorder(new MediaStream([track]), { mimeType, ...bits });
  recorder.ondataavailable = ({ data }) => {
    keptBytes += data.size;
  };
  recorder.start(400);
  return recorder;
}

const load = {
  connect,
  begin,
  async end(): Promise<number> {
    await end();
    return keptBytes;
  },
};

/** What the benchmark calls in the page. */
export type TrackLoadPage = typeof load;

Object.assign(globalThis, { load });
