/// <reference path="../../../../renderer/ambient/insertable-streams.d.ts" />
import type { ProgrammeSource } from '../../../../renderer/media/programme-sources.ts';
import { bestRecorderMimeType } from '../../../../renderer/media/recorder-format.ts';
import { RoomRecorder } from '../../../../renderer/media/room-recorder.ts';
import { SliceRecorder } from '../../../../renderer/media/slice-recorder.ts';
import { SliceKeeper } from './slice-keeper.ts';

/** A flash and a beep at every full second of one audio clock, both 100 ms long. */
const PERIOD_S = 1;
const LENGTH_S = 0.1;

interface Devices {
  camera: MediaStreamTrack;
  microphone: MediaStreamTrack;
}

/** A camera and a microphone that flash and beep together; a second pair is another device. */
async function flashAndBeep(context: AudioContext, hertz: number): Promise<Devices> {
  const out = context.createMediaStreamDestination();
  const tone = new OscillatorNode(context, { frequency: hertz });
  const gate = new GainNode(context, { gain: 0 });
  tone.connect(gate).connect(out);
  tone.start();
  const first = Math.ceil(context.currentTime) + PERIOD_S;
  for (let beat = 0; beat < 600; beat++) {
    gate.gain.setValueAtTime(0.8, first + beat * PERIOD_S);
    gate.gain.setValueAtTime(0, first + beat * PERIOD_S + LENGTH_S);
  }
  const canvas = new OffscreenCanvas(640, 360);
  const pen = canvas.getContext('2d', { alpha: false });
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = generator.writable.getWriter();
  const startedAtMs = performance.now();
  setInterval(() => {
    if (!pen || (writer.desiredSize ?? 0) <= 0) return;
    // What is heard now was rendered this much earlier.
    const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
    const nowS = contextTime + (performance.now() - performanceTime) / 1000;
    const lit = nowS >= first && (nowS - first) % PERIOD_S < LENGTH_S;
    pen.fillStyle = lit ? '#ffffff' : '#000000';
    pen.fillRect(0, 0, 640, 360);
    const timestamp = Math.round((performance.now() - startedAtMs) * 1000);
    const frame = new VideoFrame(canvas, { timestamp, alpha: 'discard' });
    void writer.write(frame).finally(() => frame.close());
  }, 16);
  const [microphone] = out.stream.getAudioTracks();
  if (!microphone) throw new Error('There is no microphone.');
  return { camera: generator, microphone };
}

function sourceOf({ camera, microphone }: Devices): ProgrammeSource {
  return {
    ...{ peerId: 'peer_host000000', name: 'Ada', local: true },
    ...{ video: camera, audio: microphone, videoMuted: false, audioMuted: false },
  };
}

function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits, then until the middle between two flashes: nothing that is done there cuts one in half. */
async function waitBetweenBeats(context: AudioContext, ms: number): Promise<void> {
  await waitMs(ms);
  const phaseS = context.currentTime % PERIOD_S;
  await waitMs(((1.5 * PERIOD_S - phaseS) % PERIOD_S) * 1000);
}

/** Records with a pause after each part, and a change of devices in the middle of each. */
async function recordProgramme(partMs: number, parts: number) {
  const context = new AudioContext({ sampleRate: 48_000 });
  await context.resume();
  const devices = [await flashAndBeep(context, 1_000), await flashAndBeep(context, 1_500)];
  const keeper = new SliceKeeper();
  const recorder = new RoomRecorder({
    bridge: keeper,
    roomId: 'room_0123456789ab',
    changed: () => undefined,
  });
  const [first, second] = devices.map(sourceOf);
  if (!first || !second) throw new Error('There are no devices.');
  await recorder.start([first]);
  for (let part = 0; part < parts; part++) {
    await waitBetweenBeats(context, partMs / 2);
    recorder.update([part % 2 === 0 ? second : first]);
    await waitBetweenBeats(context, partMs / 2);
    if (part === parts - 1) break;
    await recorder.setPaused(true);
    await waitBetweenBeats(context, 700);
    await recorder.setPaused(false);
  }
  await recorder.stop();
  await context.close();
  return keeper.list();
}

/** What a bare `MediaRecorder` makes of the same devices: how far apart the source itself is. */
async function recordSource(ms: number) {
  const context = new AudioContext({ sampleRate: 48_000 });
  await context.resume();
  const { camera, microphone } = await flashAndBeep(context, 1_000);
  const mimeType = bestRecorderMimeType();
  if (!mimeType) throw new Error('Nothing can be recorded here.');
  const keeper = new SliceKeeper();
  const pending: Promise<unknown>[] = [];
  const recorder = new SliceRecorder(new MediaStream([camera, microphone]), mimeType, {
    slice: (slice) => pending.push(keeper.keep(slice)),
    failed: (reason) => console.error(reason),
  });
  recorder.start();
  await waitMs(ms);
  await recorder.stop();
  await Promise.all(pending);
  await context.close();
  return keeper.list();
}

const sync = { recordProgramme, recordSource };

/** What the bench calls in the page. */
export type SyncPage = typeof sync;

Object.assign(globalThis, { sync });
