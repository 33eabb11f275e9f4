import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { StudioApi } from '../preload/contract.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { type Environment, featuresFor } from '../protocol/node.ts';
import { assetRoutes } from './assets/asset-routes.ts';
import { AssetStore } from './assets/asset-store.ts';
import { systemClock } from './clock.ts';
import { Metrics } from './diagnostics/metrics.ts';
import { NodeActivity } from './diagnostics/node-activity.ts';
import { downloadRoutes } from './downloads/download-routes.ts';
import { DownloadTickets } from './downloads/download-tickets.ts';
import { Downloads } from './downloads/downloads.ts';
import { Feed } from './feed/feed.ts';
import { Home } from './home/home.ts';
import type { Host } from './hosts/host.ts';
import { createAccess } from './identity/create-access.ts';
import { Identity } from './identity/identity.ts';
import { Members } from './identity/members.ts';
import { TokenIssuer } from './identity/token-issuer.ts';
import { ProjectInvitations } from './projects/project-invitations.ts';
import { Projects } from './projects/projects.ts';
import { publishRecordings } from './publishing/publish-recordings.ts';
import { RecordedRooms } from './publishing/recorded-rooms.ts';
import { Thumbnails } from './publishing/thumbnails.ts';
import type { NetworkFlags } from './reach/network-flags.ts';
import { openReach } from './reach/open-reach.ts';
import { chatRoutes } from './recording/chat/chat-routes.ts';
import { KeptChatStore } from './recording/chat/kept-chat.ts';
import { openMasterKey } from './recording/keys/master-key.ts';
import { LibraryService } from './recording/library/library-service.ts';
import { findFfmpeg } from './recording/packaging/find-ffmpeg.ts';
import { RecordingService } from './recording/recording-service.ts';
import { streamRoutes } from './recording/stream-routes.ts';
import { openRelay } from './relay/open-relay.ts';
import type { RelayListening } from './relay/relay-workers.ts';
import { createRendezvous } from './rendezvous/create-rendezvous.ts';
import { RoomRegistry } from './rendezvous/room-registry.ts';
import { SqliteRoomStore } from './rendezvous/sqlite-room-store.ts';
import { liveRoutes } from './replay/live-routes.ts';
import { LiveViewers } from './replay/live-viewers.ts';
import { ReplayAccess } from './replay/replay-access.ts';
import { replayRoutes } from './replay/replay-routes.ts';
import { openTracker } from './replay/tracker/open-tracker.ts';
import { PlacementService } from './replicas/placement/placement-service.ts';
import { Settings } from './settings/settings.ts';
import { openDatabase } from './storage/database.ts';
import { storyboardRoutes } from './storyboards/storyboard-routes.ts';
import { StoryboardStore } from './storyboards/storyboard-store.ts';
import { Storyboards } from './storyboards/storyboards.ts';
import { Activity, createStudioApi } from './studio-api.ts';
import { summaryRoutes } from './summaries/summary-routes.ts';
import { SummaryService } from './summaries/summary-service.ts';
import { SummaryStore } from './summaries/summary-store.ts';
import { openTurn } from './turn/open-turn.ts';
import type { TurnFlags } from './turn/turn-flags.ts';

/** How often retention is looked at. */
const RETENTION_SWEEP_MS = 60_000;

export interface StudioConfig {
  /** Absolute; holds everything the studio keeps. */
  dataDir: string;
  /** The rendezvous' port on loopback; 0 for any that is free. */
  port: number;
  /** The built UI, served to guests; `undefined` serves none. */
  uiDir: string | undefined;
  /** How the command line lets other devices in; without it, as was chosen before. */
  network?: NetworkFlags;
  /** STUN and TURN servers of the command line; without it those of the settings. */
  turn?: Partial<TurnFlags>;
  /** Where this studio relays rooms whose host asks for it; without it it does not. */
  relay?: RelayListening | undefined;
  /** Origins of the studio's own window, which may call the rendezvous. */
  uiOrigins: string[];
  environment: Environment;
  logger: Logger;
}

/** A running studio, as a host sees it. */
export interface Studio {
  api: StudioApi;
  /** Emits each event of the contract with its payload. */
  events: EventEmitter;
  rendezvousUrl: string;
  /** Where the window may reach nodes, as of now: its own, its home, and those it visits. */
  nodeUrls(): readonly string[];
  /** Where people on other devices reach it now; `undefined` while only this computer does. */
  networkOrigin(): string | undefined;
  activity(): { inRoom: boolean; recording: boolean };
  /** The window is gone for good: whatever it was recording is finished. */
  windowGone(): Promise<void>;
  /** Finishes recordings, ends rooms, closes everything. Idempotent. */
  shutdown(): Promise<void>;
}

/**
 * Puts the studio together. Services do not know each other where they need not; what one tells
 * another passes through here and `publishing`. Rejects with a `ProtocolError` or an error with a
 * `code` (`port-in-use`, `storage-unwritable`) when it can't start.
 */
export async function createStudio(config: StudioConfig, host: Host): Promise<Studio> {
  const { dataDir, logger, environment } = config;
  const clock = systemClock;
  const db = openDatabase(join(dataDir, 'studio.db'));
  const events = new EventEmitter();
  const activity = new Activity(host);

  const identity = await Identity.open({ secrets: host.secrets, db, clock });
  const tokens = await TokenIssuer.open({ secrets: host.secrets, clock });
  const members = new Members({ db, clock });
  reserveOwnHandle(members, identity, logger);
  const projects = new Projects({ db, clock });
  const rooms = new RoomRegistry({ clock, projects, store: new SqliteRoomStore({ db, logger }) });
  const masterKey = await openMasterKey(host.secrets);
  const assets = new AssetStore({ dir: join(dataDir, 'assets'), db, clock, masterKey });
  const feed = new Feed({ db, clock, ownerOfPicture: (assetId) => assets.ownerOf(assetId) });
  const recordedRooms = new RecordedRooms(db);
  const access = createAccess({ tokens });
  const ffmpeg = await findFfmpeg();
  const settings = new Settings(host.settings, (name, problem) => {
    logger.warn({ name }, `the setting ${name} can't be used, its default holds: ${problem}`);
  });
  const { network: flags } = config;
  const reach = openReach({ flags, settings, secrets: host.secrets, clock, logger });
  reach.on('changed', (status) => events.emit('reach.changed', status));
  const turn = openTurn({ flags: config.turn, settings, rooms, clock, logger });
  turn.on('changed', (roomId, use) => rooms.setRelay(roomId, use));
  const recordings = await RecordingService.open({
    dir: join(dataDir, 'recordings'),
    db,
    clock,
    logger,
    ffmpegPath: ffmpeg.path,
    signer: identity,
    masterKey,
    retentionDays: () => settings.get('retentionDays'),
    quotaGb: () => settings.get('recordingsQuotaGb') || undefined,
    insidersOf(roomId) {
      const projectId = recordedRooms.get(roomId)?.projectId;
      return projectId === undefined ? undefined : projects.insidersOf(projectId);
    },
  });
  const library = new LibraryService({
    library: recordings.library,
    clock,
    ffmpegPath: ffmpeg.path,
    exportFolder: () => settings.get('exportFolder') || join(dataDir, 'exports'),
  });
  library.on('job', (job) => events.emit('library.job', job));
  publishRecordings({ recordings, rooms, feed, recordedRooms, clock });
  const thumbnails = new Thumbnails({
    ...{ recordings, rooms, feed, assets, db, ffmpegPath: ffmpeg.path, logger },
  });
  const storyboardStore = new StoryboardStore({
    folderOf: (recordingId) => recordings.folderOf(recordingId),
    masterKey,
  });
  const storyboards = new Storyboards({
    ...{ recordings, store: storyboardStore, ffmpegPath: ffmpeg.path, logger },
  });
  const downloads = await Downloads.open({
    ...{ recordings, dir: join(dataDir, 'downloads'), ffmpegPath: ffmpeg.path, clock, logger },
  });
  const chat = new KeptChatStore({ db, masterKey });
  recordings.on('changed', (_roomId, { recordingId, state }) => {
    if (state === 'expired') chat.clear(recordingId);
  });
  const summaries = await SummaryService.open({
    ...{ recordings, library, feed, settings, secrets: host.secrets, clock },
    store: new SummaryStore({ db, masterKey }),
    ffmpegPath: ffmpeg.path,
    temporaryDir: join(dataDir, 'temporary'),
  });
  recordings.on('progress', (progress) => events.emit('recording.progress', progress));
  recordings.on('changed', (roomId, status) =>
    events.emit('recording.changed', { roomId, status }),
  );

  const replayAccess = new ReplayAccess({
    ...{ recordings, access },
    isBackstage: (roomId) => rooms.get(roomId)?.broadcast === 'backstage',
  });
  const viewers = new LiveViewers(clock);
  const nodeActivity = new NodeActivity();
  const tracker = openTracker({
    ...{ tokens, replayAccess, clock },
    stunServers: () => turn.stunServers(),
    refused: (code) => nodeActivity.refused(code, 'tracker'),
  });

  const nodeName = () => `${identity.profile().displayName}’s studio`;
  const relay =
    config.relay &&
    (await openRelay({ listening: config.relay, registry: rooms, name: nodeName(), logger }));
  const features = featuresFor(environment).filter(
    (feature) => feature !== 'relay' || relay !== undefined,
  );
  let placement: PlacementService | undefined;
  const rendezvous = await createRendezvous({
    port: config.port,
    host: '127.0.0.1',
    uiDir: config.uiDir,
    network: reach,
    allowedOrigins: config.uiOrigins,
    nodeInfo: {
      name: nodeName(),
      version: host.version,
      environment,
      features,
    },
    access,
    tokens,
    members,
    registry: rooms,
    viewers,
    relay,
    turn,
    feed,
    projects,
    invitations: new ProjectInvitations({ db, clock, projects, members }),
    clock,
    logger,
    extraRoutes: [
      streamRoutes({
        ...{ recordings, access },
        hostOf: (roomId) => rooms.get(roomId)?.host.userId,
        copiesOf: (recordingId) => placement?.copiesOf(recordingId) ?? [],
      }),
      replayRoutes({ recordings, replayAccess }),
      liveRoutes({ recordings, replayAccess, viewers }),
      downloadRoutes({ downloads, tickets: new DownloadTickets(clock), recordings, replayAccess }),
      storyboardRoutes({ store: storyboardStore, replayAccess }),
      assetRoutes({ assets, feed, access, ffmpegPath: ffmpeg.path }),
      tracker.routes,
      chatRoutes({ chat, recordings, replayAccess, access }),
      summaryRoutes({ summaries, recordings, replayAccess, access }),
    ],
    metrics: () => metrics.render(),
    activity: nodeActivity,
    pageSources: () => placement?.origins() ?? [],
  });
  try {
    await reach.start(rendezvous.app, rendezvous.url);
  } catch (error) {
    await rendezvous.close();
    throw error;
  }
  const home = new Home({
    ...{ settings, identity, uiOrigins: config.uiOrigins },
    own: {
      name: nodeName,
      url: rendezvous.url,
      origins: rendezvous.origins,
    },
  });
  // The window's policy names the way to its home, so it has to be there before the window.
  await home.place();
  placement = new PlacementService({
    ...{ db, recordings, members, identity, home, settings, clock, logger },
    held: () => rooms.counts().participants > 0,
  });
  placement.on('changed', () => events.emit('copies.changed', undefined));
  const metrics = new Metrics({
    rooms: () => rooms.counts().rooms,
    participants: () => rooms.counts().participants,
    sockets: () => rendezvous.openSockets(),
    ...(turn.relays && { turn: () => turn.figures() }),
    tracker: tracker.figures,
  });
  nodeActivity.registerIn(metrics.registry);

  // Beside everything else: packaging hours of journal again must not hold up the start.
  const recovery = recordings.recover().catch((error: unknown) => {
    logger.error(
      { err: error },
      'unfinished recordings could not be recovered; the next start tries again',
    );
  });
  const sweep = setInterval(() => {
    downloads.sweep();
    void placement.look();
    recordings.expireDue().catch((error: unknown) => {
      logger.error({ err: error }, 'retention could not be applied; it is tried again in a minute');
    });
  }, RETENTION_SWEEP_MS);
  await recordings.expireDue();
  thumbnails.catchUp();
  storyboards.catchUp();
  void placement.look();

  async function shutdown(): Promise<void> {
    clearInterval(sweep);
    await Promise.all([recordings.close(), library.close(), recovery]);
    await Promise.all([thumbnails.close(), storyboards.close(), downloads.close()]);
    await placement?.close();
    relay?.close();
    await home.close();
    await rendezvous.close();
    await reach.close();
    activity.set({ inRoom: false, recording: false });
    db.close();
  }

  let stopped: Promise<void> | undefined;
  return {
    api: createStudioApi({
      ...{ host, dataDir, environment, ffmpeg, identity, members, rooms, recordings },
      ...{ library, summaries, chat, settings, placement },
      ...{ recordedRooms, activity, reach, home, clock, rendezvousUrl: rendezvous.url },
    }),
    events,
    rendezvousUrl: rendezvous.url,
    nodeUrls: () => home.nodeUrls(),
    networkOrigin() {
      const { linkReachesOthers, linkOrigin } = reach.status();
      return linkReachesOthers ? linkOrigin : undefined;
    },
    activity: () => activity.get(),
    windowGone: () => recordings.finishAll(),
    shutdown: () => (stopped ??= shutdown()),
  };
}

/** The owner's handle is theirs before anybody else can ask for it. */
function reserveOwnHandle(members: Members, identity: Identity, logger: Logger): void {
  try {
    members.claim(identity.profile());
  } catch (error) {
    // The key was lost and made anew: the handle still belongs to the old one.
    if (!(error instanceof ProtocolError && error.code === 'handle-taken')) throw error;
    logger.warn({ handle: identity.profile().handle }, error.message);
  }
}
