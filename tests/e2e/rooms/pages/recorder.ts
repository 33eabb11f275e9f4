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

/** Resolves with the first status, from now on, that is so. */
function statusIs(statuses: EventTarget, state: RecorderStatus['state']): Promise<void> {
  return new Promise((resolve) => {
    statuses.addEventListener('status', function listen(event) {
      if ((event as CustomEvent<RecorderStatus>).detail.state !== state) return;
      statuses.removeEventListener('status', listen);
      resolve();
    });
  });
}

async function begin() {
  const keeper = new SliceKeeper();
  const states: RecorderStatus['state'][] = [];
  const news = new EventTarget();
  const recorder = new RoomRecorder({
    bridge: keeper,
    roomId: 'room_0123456789ab',
    changed: (status) => {
      if (states.at(-1) !== status.state) states.push(status.state);
      news.dispatchEvent(new CustomEvent('status', { detail: status }));
    },
  });
  const [host, guest] = await people();
  await recorder.start([host, guest]);
  return { keeper, states, news, recorder };
}

/** Records, pauses for as long, and records again. */
async function recordWithPause(eachMs: number) {
  const { keeper, states, recorder } = await begin();
  await waitMs(eachMs);
  await recorder.setPaused(true);
  const whilePaused = recorder.position;
  const slicesAtPause = keeper.slices.length;
  await waitMs(eachMs);
  const slicesAfterPause = keeper.slices.length;
  await recorder.setPaused(false);
  await waitMs(eachMs);
  const atEnd = recorder.position;
  await recorder.stop();
  return {
    ...{ states, calls: keeper.calls, slices: keeper.list() },
    ...{ whilePaused, atEnd, slicesAtPause, slicesAfterPause },
  };
}

/** Records while one part after the other breaks, and waits each time until it goes on. */
async function recordThroughTrouble() {
  const workers = caught('Worker');
  const recorders = caught('MediaRecorder');
  const { keeper, states, news, recorder } = await begin();
  const reactionsMs: number[] = [];
  const breakages = [
    () => workers.at(-1)?.terminate(),
    () => recorders.at(-1)?.stop(),
    () => recorders.at(-1)?.pause(),
  ];
  for (const breakIt of breakages) {
    await waitMs(1_500);
    const noticed = statusIs(news, 'restarting');
    const again = statusIs(news, 'recording');
    const brokenAtMs = performance.now();
    breakIt();
    await noticed;
    reactionsMs.push(performance.now() - brokenAtMs);
    await again;
  }
  await waitMs(1_500);
  const { take } = recorder.position ?? {};
  await recorder.stop();
  return { states, calls: keeper.calls, slices: keeper.list(), reactionsMs, take };
}

/** All instances of a browser's class that are made from now on. */
function caught<K extends 'Worker' | 'MediaRecorder'>(
  name: K,
): InstanceType<(typeof globalThis)[K]>[] {
  const instances: InstanceType<(typeof globalThis)[K]>[] = [];
  Object.assign(globalThis, {
    [name]: new Proxy(globalThis[name], {
      construct(target, args) {
        const instance = Reflect.construct(target, args);
        instances.push(instance);
        return instance;
      },
    }),
  });
  return instances;
}

const recorder = { record, recordOntoFullDisk, recordWithPause, recordThroughTrouble };

/** What the tests call in the page. */
export type RecorderPage = typeof recorder;

Object.assign(globalThis, { recorder });
