import type { SignalMessage } from '../../../../protocol/messages.ts';
import type { PeerMessage } from '../../../../protocol/peer-messages.ts';
import type { Participant } from '../../../../protocol/rooms.ts';
import { MeshTopology } from '../../../../renderer/rooms/mesh-topology.ts';
import type { PeerLink } from '../../../../renderer/rooms/streaming.ts';

const ROOM = 'room_0123456789ab';

/** What a page's cipher does. */
export type Ciphering = 'none' | 'noting' | 'refusing';

const links = new Map<string, PeerLink>();
const opened: string[] = [];
const heard: { peerId: string; message: PeerMessage }[] = [];
const received: SignalMessage[] = [];
const ciphered: string[] = [];
const channels: RTCDataChannel[] = [];
const changes = new EventTarget();
/** Signalling between pages of one browser; who is who is checked in other tests. */
const wire = new BroadcastChannel(ROOM);
let mesh: MeshTopology;

const { createDataChannel } = RTCPeerConnection.prototype;
RTCPeerConnection.prototype.createDataChannel = function (this: RTCPeerConnection, ...given) {
  const channel = createDataChannel.apply(this, given);
  channels.push(channel);
  return channel;
};

async function enter(selfPeerId: string, ciphering: Ciphering = 'none'): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const receivers = new Set<RTCRtpReceiver>();
  mesh = new MeshTopology({
    roomId: ROOM,
    selfPeerId,
    iceServers: [],
    stream,
    send: (message) => wire.postMessage(message),
    trust: {
      vouch: async () => ({ ticket: 'a ticket', proof: 'a proof' }),
      verify: async () => ({ ok: true, claims: {} as never }),
    },
    ...(ciphering !== 'none' && {
      transforms: {
        protect: ({ track, transport }, peerId) => {
          if (ciphering === 'refusing') throw new Error('This cipher takes nothing.');
          note(`protect ${track?.kind} for ${peerId}, ${transport ? 'late' : 'in time'}`);
        },
        open: (receiver, peerId) => {
          if (receivers.has(receiver)) return;
          receivers.add(receiver);
          // Without an ICE transport nothing was negotiated yet.
          note(
            `open ${receiver.track.kind} of ${peerId}, ${receiver.transport ? 'late' : 'in time'}`,
          );
        },
      },
    }),
  });
  const changed = () => changes.dispatchEvent(new Event('change'));
  mesh.on('link', ({ peerId, link }) => {
    links.set(peerId, link);
    changed();
  });
  mesh.on('unlinked', ({ peerId }) => {
    links.delete(peerId);
    changed();
  });
  mesh.on('open', ({ peerId }) => {
    opened.push(peerId);
    changed();
  });
  mesh.on('message', (said) => {
    heard.push(said);
    changed();
  });
  wire.onmessage = ({ data }: MessageEvent<SignalMessage>) => {
    mesh.receive(data);
    received.push(data);
    changed();
  };
}

function note(what: string): void {
  ciphered.push(what);
  changes.dispatchEvent(new Event('change'));
}

/** Resolves once what is asked for has come about. */
function until(isSo: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (!isSo()) return;
      changes.removeEventListener('change', check);
      resolve();
    };
    changes.addEventListener('change', check);
    check();
  });
}

/** A peer's picture and sound, as somebody in front of this page has them. */
const rendered = new Map<string, { video: HTMLVideoElement; sound: AnalyserNode }>();

async function render(peerId: string) {
  const known = rendered.get(peerId);
  if (known) return known;
  const stream = links.get(peerId)?.stream ?? new MediaStream();
  const video = document.body.appendChild(document.createElement('video'));
  Object.assign(video, { srcObject: stream, muted: true, autoplay: true });
  const audio = new AudioContext();
  await audio.resume();
  const sound = audio.createAnalyser();
  audio.createMediaStreamSource(stream).connect(sound);
  rendered.set(peerId, { video, sound });
  return { video, sound };
}

/** The brightest value in the picture that is shown now, 0-255; `undefined` before there is one. */
async function brightness(peerId: string): Promise<number | undefined> {
  const { video } = await render(peerId);
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return undefined;
  const canvas = new OffscreenCanvas(32, 32);
  const picture = canvas.getContext('2d');
  picture?.drawImage(video, 0, 0, 32, 32);
  const { data } = picture?.getImageData(0, 0, 32, 32) ?? { data: [] };
  return Math.max(...[...data].filter((_value, index) => index % 4 !== 3));
}

/** The loudest that is heard while so many seconds of a peer's sound arrive, 0-1. */
async function loudness(peerId: string, seconds: number): Promise<number> {
  const { sound } = await render(peerId);
  const wave = new Float32Array(sound.fftSize);
  const start = await arrivedSeconds(peerId);
  let peak = 0;
  while ((await arrivedSeconds(peerId)) < start + seconds) {
    await new Promise(requestAnimationFrame);
    sound.getFloatTimeDomainData(wave);
    peak = Math.max(peak, ...wave.map(Math.abs));
  }
  return peak;
}

/** Sound that a peer's packets have brought so far. */
async function arrivedSeconds(peerId: string): Promise<number> {
  for (const report of (await mesh.stats(peerId))?.values() ?? []) {
    if (report.type === 'inbound-rtp' && report.kind === 'audio') {
      return report.totalSamplesDuration ?? 0;
    }
  }
  return 0;
}

const member = {
  enter,
  brightness,
  loudness,
  roster: (people: readonly Participant[]) => mesh.setRoster(people),
  block: (userIds: readonly string[]) => mesh.block(new Set(userIds)),
  silence: (peerId: string, audio: boolean, video: boolean) =>
    mesh.setSilenced(peerId, { audio, video }),
  useStunAt: (port: number) => mesh.setIceServers([{ urls: `stun:127.0.0.1:${port}` }]),
  isConnectedTo: (peerId: string) => until(() => links.get(peerId)?.state === 'connected'),
  knowsThePathTo: async (peerId: string) => {
    await until(() => links.get(peerId)?.relayed !== undefined);
    return links.get(peerId)?.relayed;
  },
  isRidOf: (peerId: string) => until(() => !links.has(peerId)),
  hasFailedWith: (peerId: string) => until(() => links.get(peerId)?.state === 'failed'),
  linkStates: () => Object.fromEntries([...links].map(([peerId, { state }]) => [peerId, state])),
  wasOffered: (peerId: string) =>
    until(() => received.some(({ type, from }) => type === 'signal:offer' && from === peerId)),
  isOpenTo: (peerId: string) => until(() => opened.includes(peerId)),
  tell: (peerId: string, message: PeerMessage) => mesh.send(peerId, message),
  tellAll: (message: PeerMessage) => mesh.broadcast(message),
  /** Says something on every channel of ours that our own code would not. */
  sayRaw: (text: string) => {
    for (const channel of channels) channel.send(text);
  },
  hears: async (count: number) => {
    await until(() => heard.length >= count);
    return heard;
  },
  ciphers: async (count: number) => {
    await until(() => ciphered.length >= count);
    return ciphered.toSorted();
  },
};

/** What the tests call in the page. */
export type Member = typeof member;

Object.assign(globalThis, { member });
