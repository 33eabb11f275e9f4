import type { StudioApi } from '../preload/contract.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { type Environment, featuresFor } from '../protocol/node.ts';
import type { Clock } from './clock.ts';
import { isoTime } from './clock.ts';
import type { Home } from './home/home.ts';
import type { Host } from './hosts/host.ts';
import type { Identity } from './identity/identity.ts';
import type { Members } from './identity/members.ts';
import { createLibraryApi } from './library-api.ts';
import type { RecordedRooms } from './publishing/recorded-rooms.ts';
import type { Reach } from './reach/reach.ts';
import type { KeptChatStore } from './recording/chat/kept-chat.ts';
import type { LibraryService } from './recording/library/library-service.ts';
import type { FfmpegSearch } from './recording/packaging/find-ffmpeg.ts';
import type { RecordingService } from './recording/recording-service.ts';
import type { RoomRegistry } from './rendezvous/room-registry.ts';
import type { PlacementService } from './replicas/placement/placement-service.ts';
import type { Settings } from './settings/settings.ts';
import type { SummaryService } from './summaries/summary-service.ts';

/** What the window is in the middle of; keeps the machine awake meanwhile. */
export class Activity {
  readonly #host: Host;
  #current = { inRoom: false, recording: false };
  #letSleep: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  get(): { inRoom: boolean; recording: boolean } {
    return { ...this.#current };
  }

  set(activity: { inRoom: boolean; recording: boolean }): void {
    this.#current = { ...activity };
    if (activity.inRoom || activity.recording) {
      this.#letSleep ??= this.#host.blockSleep('A live room is open');
    } else {
      this.#letSleep?.();
      this.#letSleep = undefined;
    }
  }
}

export interface StudioApiServices {
  host: Host;
  dataDir: string;
  environment: Environment;
  rendezvousUrl: string;
  ffmpeg: FfmpegSearch;
  identity: Identity;
  members: Members;
  rooms: RoomRegistry;
  recordings: RecordingService;
  library: LibraryService;
  summaries: SummaryService;
  chat: KeptChatStore;
  settings: Settings;
  recordedRooms: RecordedRooms;
  activity: Activity;
  reach: Reach;
  home: Home;
  placement: PlacementService;
  clock: Clock;
}

/** What the window may ask of main, see `preload/contract.ts`. Inputs were validated before. */
export function createStudioApi(services: StudioApiServices): StudioApi {
  const { host, dataDir, environment, rendezvousUrl, ffmpeg } = services;
  const { identity, members, rooms, recordings, recordedRooms, activity } = services;
  const { reach, home, placement, clock } = services;

  function ownLiveRoom(roomId: string) {
    const room = rooms.require(roomId);
    if (room.host.userId !== identity.userId) {
      throw new ProtocolError('forbidden', 'Only the host of this room can record it.');
    }
    if (room.state === 'ended') {
      throw new ProtocolError('room-closed', 'This room has ended; there is nothing to record.');
    }
    return room;
  }

  return {
    'studio.info': async () => ({
      version: host.version,
      host: host.kind,
      dataDir,
      rendezvousUrl,
      place: await home.place(),
      nodeUrls: [...home.nodeUrls()],
      environment,
      features: featuresFor(environment),
      secretStore: host.secrets.kind,
      firstStart: !identity.profileChosen,
      ...(ffmpeg.path === undefined
        ? { ffmpegProblem: ffmpeg.problem }
        : { ffmpegPath: ffmpeg.path }),
    }),

    'identity.profile': async () => identity.profile(),
    'identity.update': async (profile) => {
      const { userId, publicKey } = identity;
      members.claim({ ...profile, userId, publicKey });
      return identity.update(profile);
    },
    'identity.signNonce': async ({ nonce, audience }) => identity.signNonce(nonce, audience),
    'identity.signFingerprint': async (proof) => identity.signFingerprint(proof),
    'identity.signModeration': async ({ event }) => identity.signModeration(event),

    'identity.signChat': async (act) => identity.signChat(act),
    'identity.openSegmentKey': ({ recordingId, box }) => identity.openSegmentKey(recordingId, box),

    'recording.start': async ({ roomId, mimeType }) => {
      const room = ownLiveRoom(roomId);
      recordedRooms.remember({
        roomId,
        title: room.title,
        context: room.context,
        ...(room.projectId !== undefined && { projectId: room.projectId }),
        visibility: room.visibility,
        author: room.host,
        startedAt: isoTime(clock()),
      });
      return recordings.start(
        {
          roomId,
          title: room.title,
          visibility: room.visibility,
          hostUserId: identity.userId,
          allowedUserIds: rooms.admittedUserIds(roomId),
          barredUserIds: rooms.bannedUserIds(roomId),
        },
        mimeType,
      );
    },
    'recording.append': async ({ recordingId, seq, bytes }) => {
      await recordings.append(recordingId, seq, bytes);
      return { seq };
    },
    'recording.beginTrack': async ({ recordingId, track }) => {
      await recordings.tracksOf(recordingId).begin(track);
    },
    'recording.appendTrack': async ({ recordingId, trackId, seq, bytes }) => {
      await recordings.tracksOf(recordingId).append(trackId, seq, bytes);
      return { seq };
    },
    'recording.endTrack': ({ recordingId, trackId }) =>
      recordings.tracksOf(recordingId).end(trackId),
    'recording.stop': ({ recordingId }) => recordings.stop(recordingId),
    'recording.fail': ({ recordingId, reason }) => recordings.fail(recordingId, reason),

    'recording.pause': async ({ recordingId, paused }) =>
      recordings.live.setPaused(recordingId, paused),
    'recording.restarting': async ({ recordingId, restarting }) =>
      recordings.live.setRestarting(recordingId, restarting),
    'recording.mark': async (marker) => recordings.live.mark(marker),
    'recording.labelMarker': async ({ recordingId, markerId, label }) =>
      recordings.live.labelMarker(recordingId, markerId, label),
    'recording.keepChat': async ({ recordingId, message, ...at }) => {
      recordings.requireRunning(recordingId);
      services.chat.keep(recordingId, at, message);
    },
    'recording.forgetChat': async ({ recordingId, messageId }) =>
      services.chat.forget(recordingId, messageId),
    'recording.forecast': () => recordings.live.forecast(),
    ...createLibraryApi(services),

    'summaries.settings': () => services.summaries.settings(),
    'summaries.configure': (next) => services.summaries.configure(next),
    'summaries.try': () => services.summaries.try(),
    'summaries.make': async ({ recordingId }) => services.summaries.make(recordingId),

    'reach.status': async () => reach.status(),
    'reach.set': (chosen) => reach.set(chosen.reach),
    'reach.check': () => reach.check(),

    'home.look': ({ address }) => home.look(address),
    'home.use': ({ address, fingerprint }) => home.use(address, fingerprint),
    'home.leave': () => home.leave(),
    'home.visit': ({ address, fingerprint }) => home.visit(address, fingerprint),

    'copies.overview': async () => placement.overview(),
    'copies.addNode': ({ address, fingerprint }) => placement.addNode(address, fingerprint),
    'copies.removeNode': async ({ origin }) => placement.removeNode(origin),
    'copies.setWanted': async ({ wanted }) => placement.setWanted(wanted),

    'studio.setActivity': async (now) => activity.set(now),
    'studio.showDataFolder': () => host.openFolder(dataDir),
    'studio.notify': async (message) => host.notify(message),
  };
}
