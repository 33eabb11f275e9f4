import type { ProgrammeSource } from '../../../../renderer/media/programme-sources.ts';
import { RoomRecorder } from '../../../../renderer/media/room-recorder.ts';
import { FrameEncryption } from '../../../../renderer/rooms/frame-encryption/frame-encryption.ts';
import { FrameTap } from '../../../../renderer/tracks/frame-tap.ts';
import { TrackRecorder } from '../../../../renderer/tracks/track-recorder.ts';
import { FlashingPerson } from './flashing-person.ts';
import { TrackKeeper } from './track-keeper.ts';

const ROOM = 'room_0123456789ab';
const HOST = 'peer_host000000';
const ADA = 'peer_ada0000000';
const GRACE = 'peer_grace00000';

const PAUSE_MS = 1_300;

type Way = 'open' | 'private';

const problems: string[] = [];
const problem = (sentence: string) => problems.push(sentence);

/** The host's side of a room: what it receives passes through a tap, decrypted where need be. */
function hostsTaps(way: Way, peers: Map<string, FrameEncryption>) {
  if (way === 'open') return new FrameTap(problem);
  return new FrameEncryption({
    ...{ roomId: ROOM, selfPeerId: HOST, problem },
    send: (peerId, message) => {
      if (message.type === 'frames:key') peers.get(peerId)?.received(HOST, message);
    },
  });
}

/** Connects somebody's camera and microphone to the host; answers what the host receives. */
async function connect(
  peerId: string,
  person: FlashingPerson,
  taps: FrameTap | FrameEncryption,
  peers: Map<string, FrameEncryption>,
): Promise<MediaStream> {
  const [sending, receiving] = [new RTCPeerConnection(), new RTCPeerConnection()];
  sending.onicecandidate = ({ candidate }) => candidate && receiving.addIceCandidate(candidate);
  receiving.onicecandidate = ({ candidate }) => candidate && sending.addIceCandidate(candidate);
  if (taps instanceof FrameEncryption) {
    const encryption = new FrameEncryption({
      ...{ roomId: ROOM, selfPeerId: peerId, problem },
      send: (_, message) => {
        if (message.type === 'frames:key') taps.received(peerId, message);
      },
    });
    peers.set(peerId, encryption);
    encryption.peerOpened(HOST);
  }
  for (const track of person.stream.getTracks()) {
    const sender = sending.addTrack(track, person.stream);
    peers.get(peerId)?.protect(sender);
  }
  const received = new MediaStream();
  const video = document.createElement('video');
  Object.assign(video, { autoplay: true, srcObject: received });
  document.body.append(video);
  receiving.ontrack = ({ track, receiver }) => {
    taps.open(receiver, peerId);
    received.addTrack(track);
  };
  await sending.setLocalDescription();
  await receiving.setRemoteDescription(sending.localDescription ?? { type: 'offer' });
  await receiving.setLocalDescription();
  await sending.setRemoteDescription(receiving.localDescription ?? { type: 'answer' });
  await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  return received;
}

function source(
  peerId: string,
  name: string,
  stream: MediaStream,
  more: Partial<ProgrammeSource> = {},
): ProgrammeSource {
  const [audio] = stream.getAudioTracks();
  const [video] = stream.getVideoTracks();
  return {
    ...{ peerId, name, local: peerId === HOST, audioMuted: false, videoMuted: false },
    ...(audio && { audio }),
    ...(video && { video }),
    ...more,
  };
}

/**
 * Records Ada and the host; Grace comes later and turns her camera, Ada mutes herself for a while.
 * Ticks of `seconds / 6` part what happens. Then the host pauses, and goes on for two more.
 */
async function record(seconds: number, way: Way) {
  const tick = () => new Promise((resolve) => setTimeout(resolve, (seconds * 1000) / 6));
  const keeper = new TrackKeeper();
  const peers = new Map<string, FrameEncryption>();
  const taps = hostsTaps(way, peers);
  const [host, ada, grace] = [
    new FlashingPerson(3000, { width: 640, height: 360 }),
    new FlashingPerson(800, { width: 640, height: 360 }),
    new FlashingPerson(1600, { width: 320, height: 180 }),
  ];
  const self = source(HOST, 'Sam Host', host.stream);
  const adasStream = await connect(ADA, ada, taps, peers);
  const recorder = new RoomRecorder({
    ...{ bridge: keeper, roomId: ROOM, changed: () => undefined },
    tracks: (programme) =>
      new TrackRecorder({ ...programme, bridge: keeper, taps: () => [taps], problem }),
  });
  await recorder.start([self, source(ADA, 'Ada', adasStream)]);
  await tick();
  await tick();
  const gracesStream = await connect(GRACE, grace, taps, peers);
  const gracesSource = source(GRACE, 'Grace', gracesStream);
  recorder.update([self, source(ADA, 'Ada', adasStream), gracesSource]);
  await tick();
  recorder.update([self, source(ADA, 'Ada', adasStream, { audioMuted: true }), gracesSource]);
  grace.resize({ width: 360, height: 640 });
  await tick();
  await tick();
  recorder.update([self, source(ADA, 'Ada', adasStream), gracesSource]);
  await tick();
  await recorder.setPaused(true);
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  await recorder.setPaused(false);
  await tick();
  await tick();
  await recorder.stop();
  await Promise.all([host.stop(), ada.stop(), grace.stop()]);
  return { ...keeper.kept(), problems };
}

const tracks = { record };

/** What the tests call in the page. */
export type TracksPage = typeof tracks;

Object.assign(globalThis, { tracks });
