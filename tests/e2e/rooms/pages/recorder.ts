import type { ProgrammeSource } from '../../../../renderer/media/programme-sources.ts';
import { RoomRecorder } from '../../../../renderer/media/room-recorder.ts';
import type { RecorderStatus } from '../../../../renderer/rooms/streaming.ts';
import { SliceKeeper } from './slice-keeper.ts';

/** A person made of a moving stripe and a tone. */
function drawnPerson(hertz: number): MediaStream {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 640, height: 360 });
  const context = canvas.getContext('2d');
  let x = 0;
  setInterval(() => {
    if (!context) return;
    context.fillStyle = '#204060';
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = '#e0a030';
    context.fillRect(x, 0, 80, 360);
    x = (x + 16) % 640;
  }, 33);
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio, { frequency: hertz });
  const out = audio.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  return new MediaStream([...canvas.captureStream(30).getTracks(), ...out.stream.getTracks()]);
}

function source(peerId: string, name: string, stream: MediaStream): ProgrammeSource {
  const [audio] = stream.getAudioTracks();
  const [video] = stream.getVideoTracks();
  return {
    peerId,
    name,
    ...(audio && { audio }),
    ...(video && { video }),
    audioMuted: false,
    videoMuted: false,
    local: true,
  };
}

async function people(): Promise<[ProgrammeSource, ProgrammeSource]> {
  const camera = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
  return [
    source('peer_host000000', 'Ada Lovelace', camera),
    source('peer_guest00000', 'Grace Hopper with a name that goes on and on', drawnPerson(660)),
  ];
}

function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Records both people; in the middle one goes, comes back, and the other turns the camera off. */
async function record(seconds: number) {
  const keeper = new SliceKeeper();
  const statuses: RecorderStatus[] = [];
  const [host, guest] = await people();
  const recorder = new RoomRecorder({
    bridge: keeper,
    roomId: 'room_0123456789ab',
    changed: (status) => statuses.push(status),
  });
  await recorder.start([host, guest]);
  await waitMs((seconds * 1000) / 4);
  recorder.update([{ ...host, videoMuted: true }]);
  await waitMs((seconds * 1000) / 4);
  recorder.update([host, guest]);
  await waitMs((seconds * 1000) / 2);
  const stopAskedAtMs = performance.now();
  const answer = await recorder.stop();
  return {
    file: keeper.file(),
    slicesAtMs: keeper.slices.map(({ atMs }) => atMs),
    calls: keeper.calls,
    states: statuses.map(({ state }) => state),
    answer: answer?.state,
    stopAskedAtMs,
  };
}

/** Records onto a disk that fills up at the third slice. */
async function recordOntoFullDisk() {
  const keeper = new SliceKeeper();
  keeper.refuseFrom = 2;
  const [host] = await people();
  const failed = Promise.withResolvers<RecorderStatus>();
  const recorder = new RoomRecorder({
    bridge: keeper,
    roomId: 'room_0123456789ab',
    changed: (status) => {
      if (status.state === 'failed') failed.resolve(status);
    },
  });
  await recorder.start([host]);
  const { problem } = await failed.promise;
  const stopped = await recorder.stop();
  return { problem, slices: keeper.slices.length, stopped };
}

const recorder = { record, recordOntoFullDisk };

/** What the tests call in the page. */
export type RecorderPage = typeof recorder;

Object.assign(globalThis, { recorder });
