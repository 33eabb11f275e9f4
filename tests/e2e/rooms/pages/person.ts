import { createApi, openSession } from '../../../../renderer/api/client.ts';
import { createBrowserKeySigner } from '../../../../renderer/identity/browser-key-signer.ts';
import { SessionKeeper } from '../../../../renderer/identity/session-keeper.ts';
import { onFirstFrame } from '../../../../renderer/media/first-frame.ts';
import { SignallingClient } from '../../../../renderer/rooms/signalling-client.ts';
import type { StreamingState } from '../../../../renderer/rooms/streaming.ts';
import { StreamingController } from '../../../../renderer/rooms/streaming-controller.ts';
import { SliceKeeper } from './slice-keeper.ts';

/** How somebody comes to a room. */
export interface Arrival {
  node: string;
  handle: string;
  /** What they bring. */
  media: { audio: boolean; video: boolean };
  /** Comes in the studio's own window, which can record. */
  studio?: boolean;
}

let controller: StreamingController;
let stream: MediaStream | undefined;
const main = new SliceKeeper();

/** Watches every remote stream, as tiles would. */
function showTiles(): void {
  const tiles = new Map<string, HTMLVideoElement>();
  controller.store.api.subscribe(({ links }) => {
    for (const [peerId, link] of Object.entries(links)) {
      if (!link.stream || tiles.get(peerId)?.srcObject === link.stream) continue;
      const video = tiles.get(peerId) ?? document.body.appendChild(document.createElement('video'));
      tiles.set(peerId, video);
      Object.assign(video, { srcObject: link.stream, muted: true, autoplay: true });
      onFirstFrame(video, () => controller.reportFirstFrame(peerId));
    }
  });
}

async function arrive({ node, handle, media, studio }: Arrival): Promise<void> {
  const signer = await createBrowserKeySigner();
  const sessionKeeper = new SessionKeeper({
    open: (profile) => openSession(node, signer, profile),
    profile: () => ({ handle, displayName: handle, guest: false }),
  });
  const api = createApi(node, () => sessionKeeper.token());
  controller = new StreamingController({
    api,
    sessionKeeper,
    signer,
    signalling: new SignallingClient({
      url: `${node.replace('http', 'ws')}/ws`,
      sessions: sessionKeeper,
    }),
    ...(studio && {
      bridge: {
        call: main.call,
        on: () => () => undefined,
        onAway: () => () => undefined,
        onRestart: () => () => undefined,
        onClose: () => () => undefined,
      },
    }),
  });
  addEventListener('pagehide', controller.leaveOnExit);
  showTiles();
  stream =
    media.audio || media.video ? await navigator.mediaDevices.getUserMedia(media) : undefined;
  await controller.prepare();
}

async function startRoom(): Promise<string> {
  const request = { context: 'profile', title: 'A room', visibility: 'public' } as const;
  return (await controller.launch(request, stream)).roomId;
}

async function joinRoom(roomId: string): Promise<string | undefined> {
  await controller.join({ roomId, stream });
  return controller.store.state.self?.peerId;
}

/** Resolves with the first state that satisfies; what it is asked for is a string of our own. */
function stateWhere(satisfies: (state: StreamingState) => boolean): Promise<StreamingState> {
  return new Promise((resolve) => {
    const check = (state: StreamingState) => {
      if (!satisfies(state)) return;
      stop();
      resolve(state);
    };
    const stop = controller.store.api.subscribe(check);
    check(controller.store.state);
  });
}

/** Waits until this many others are connected; with `video`, until their pictures are shown. */
async function sees(others: number, kinds: readonly ('audio' | 'video')[]): Promise<string[]> {
  const state = await stateWhere(({ links }) => {
    const all = Object.values(links);
    return (
      all.length === others &&
      all.every(
        ({ state, stream, firstFrameMs }) =>
          state === 'connected' &&
          (firstFrameMs !== undefined || !kinds.includes('video')) &&
          kinds.every((kind) => stream?.getTracks().some((track) => track.kind === kind)),
      )
    );
  });
  return Object.keys(state.links);
}

/** Bytes of decoded media a peer has sent so far, by kind. */
async function received(peerId: string): Promise<{ audio: number; video: number }> {
  const bytes = { audio: 0, video: 0 };
  for (const report of (await controller.peerStats(peerId))?.values() ?? []) {
    if (report.type === 'inbound-rtp') bytes[report.kind as 'audio'] += report.bytesReceived;
  }
  return bytes;
}

const person = {
  arrive,
  startRoom,
  joinRoom,
  sees,
  received,
  leave: () => controller.leave(),
  setMuted: (kind: 'audio' | 'video', muted: boolean) => controller.setMuted(kind, muted),
  setRecording: (enabled: boolean) => controller.setRecording(enabled),
  end: () => controller.end(),
  /** Answers at once: the node's word may take its time. */
  moderateMicrophone: (peerId: string, action: 'mute' | 'unmute') => {
    void controller.moderate({ peerId, action, scope: 'audio' });
  },
  /** Waits until one's own microphone is heard by the others, or is not. */
  microphoneIs: async (on: boolean) => {
    await stateWhere(({ self }) => self?.muted.audio === !on);
    return stream?.getAudioTracks().every(({ enabled }) => enabled === on);
  },
  /** Waits until the node has heard of everything but so many acts. */
  actsOnTheirWay: async (count: number) => {
    await stateWhere((state) => state.acts.length === count);
  },
  recorderIs: async (wanted: string) => {
    await stateWhere(({ recorder }) => recorder.state === wanted);
  },
  mainHeard: () => ({ calls: [...main.calls], slices: main.slices.length }),
  showCamera: async () => {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    controller.setLocalStream(stream);
  },
  /** Of a state only what can cross to the test. */
  state: () => plain(controller.store.state),
  problemWith: async (peerId: string) =>
    (await stateWhere(({ links }) => links[peerId]?.problem !== undefined)).links[peerId]?.problem,
  signallingIs: async (wanted: string) => {
    await stateWhere(({ signalling }) => signalling === wanted);
  },
  seesMuted: async (peerId: string, kind: 'audio' | 'video', muted: boolean) => {
    await stateWhere(({ participants }) => participants[peerId]?.muted[kind] === muted);
  },
  loses: async (peerId: string) => {
    await stateWhere(({ links }) => links[peerId]?.state !== 'connected');
  },
  /** The tracks that come from a peer. */
  trackIds: (peerId: string) =>
    controller.store.state.links[peerId]?.stream?.getTracks().map(({ id }) => id),
  /** Height in pixels of the pictures that come from a peer. */
  frameHeight: async (peerId: string) => {
    const reports = [...((await controller.peerStats(peerId))?.values() ?? [])];
    const video = reports.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    return video?.frameHeight as number | undefined;
  },
  recordedFile: () => main.file(),
  isAlone: async () => {
    await stateWhere(
      ({ participants, links }) =>
        Object.keys(participants).length === 1 && Object.keys(links).length === 0,
    );
  },
};

function plain({ phase, self, participants, links }: StreamingState) {
  return {
    phase,
    peerId: self?.peerId,
    muted: self?.muted,
    participants: Object.keys(participants),
    links: Object.fromEntries(Object.entries(links).map(([id, link]) => [id, link.state])),
  };
}

/** What the tests call in the page. */
export type Person = typeof person;

Object.assign(globalThis, { person });
