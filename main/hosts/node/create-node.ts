import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Environment, featuresFor } from '../../../protocol/node.ts';
import { type Clock, systemClock } from '../../clock.ts';
import type { ClusterFlags } from '../../cluster/cluster-flags.ts';
import { openCluster } from '../../cluster/open-cluster.ts';
import { Metrics } from '../../diagnostics/metrics.ts';
import { Feed } from '../../feed/feed.ts';
import { createAccess } from '../../identity/create-access.ts';
import { Members } from '../../identity/members.ts';
import { TokenIssuer } from '../../identity/token-issuer.ts';
import { ProjectInvitations } from '../../projects/project-invitations.ts';
import { Projects } from '../../projects/projects.ts';
import type { NetworkFlags } from '../../reach/network-flags.ts';
import { openReach } from '../../reach/open-reach.ts';
import { openRelay } from '../../relay/open-relay.ts';
import type { RelayListening } from '../../relay/relay-workers.ts';
import { createRendezvous } from '../../rendezvous/create-rendezvous.ts';
import { RoomRegistry } from '../../rendezvous/room-registry.ts';
import { SqliteRoomStore } from '../../rendezvous/sqlite-room-store.ts';
import { openReplicas } from '../../replicas/volunteer/open-replicas.ts';
import { Settings } from '../../settings/settings.ts';
import { openDatabase } from '../../storage/database.ts';
import { openTurn } from '../../turn/open-turn.ts';
import type { TurnFlags } from '../../turn/turn-flags.ts';
import { appVersion } from '../app-version.ts';
import type { SecretStore, SettingsStore } from '../host.ts';
import { enrolmentRoutes } from './enrolment-routes.ts';
import { Enrolments } from './enrolments.ts';
import { nodeDatabase } from './node-files.ts';

export interface NodeConfig {
  /** Absolute. */
  dataDir: string;
  /** What people see it called. */
  name: string;
  /** The rendezvous' port on loopback; 0 for any that is free. */
  port: number;
  network: NetworkFlags;
  /** STUN and TURN servers of the command line; without it those of the settings. */
  turn?: Partial<TurnFlags>;
  /** Everybody may create rooms. */
  open: boolean;
  /** Other nodes that it serves the same rooms with; without it it is alone. */
  cluster?: ClusterFlags['cluster'];
  /** Where it relays rooms whose hosts ask for it; without it it does not. */
  relay?: RelayListening | undefined;
  /** How much it keeps of copies of members' recordings, in bytes; 0, the default, keeps none. */
  replicaBytes?: number;
  /** The built UI for guests. */
  uiDir: string;
  secrets: SecretStore;
  settings: SettingsStore;
  logger: Logger;
  /** The system's, unless told otherwise. */
  clock?: Clock;
}

/** A running community's node. */
export interface CommunityNode {
  /** Where it answers on this machine. */
  loopbackOrigin: string;
  /** What invitation links start with. */
  origin: string;
  /** SHA-256 of its certificate, where it has a door for other devices. */
  fingerprint: string | undefined;
  /** The same where it made that certificate itself: invitations name it. */
  ownFingerprint: string | undefined;
  /** Deletes copies whose time is up; happens once a minute by itself. */
  sweepReplicas(): Promise<void>;
  /** Tells people, keeps their rooms, closes everything. */
  shutdown(): Promise<void>;
}

/**
 * Puts a community's node together: rooms, posts and projects for everybody, and nothing that
 * belongs to one person: no bridge, no window, no recorder. Rejects with an error with a `code`
 * when it can't start.
 */
export async function createNode(config: NodeConfig): Promise<CommunityNode> {
  const { secrets, logger, network } = config;
  const { clock = systemClock } = config;
  const settings = new Settings(config.settings, (name, problem) => {
    logger.warn({ name }, `the setting ${name} can't be used, its default holds: ${problem}`);
  });
  const environment: Environment = settings.get('environment');
  const reach = openReach({
    ...{ flags: network, portFlag: '--port', settings, secrets, clock, logger },
  });
  const db = openDatabase(nodeDatabase(config.dataDir));
  const opened =
    config.cluster &&
    (await openCluster({ flags: config.cluster, name: config.name, secrets, clock, logger }));
  const cluster = opened?.cluster;
  const tokens = await TokenIssuer.open({ secrets: opened?.secrets ?? secrets, clock });
  const members = new Members({ db, clock });
  const enrolments = new Enrolments({ db, clock, open: config.open });
  const access = createAccess({ tokens });
  const projects = new Projects({ db, clock });
  const store = cluster?.store ?? new SqliteRoomStore({ db, logger });
  const registry = new RoomRegistry({
    ...{ clock, projects, store },
    ...(cluster && { requireStore: cluster.requireStore }),
  });
  const turn = openTurn({ flags: config.turn, settings, rooms: registry, clock, logger });
  turn.on('changed', (roomId, use) => registry.setRelay(roomId, use));
  const relay =
    config.relay &&
    (await openRelay({ listening: config.relay, registry, name: config.name, logger }));
  const replicas = await openReplicas({
    dir: join(config.dataDir, 'replicas'),
    quotaBytes: config.replicaBytes ?? 0,
    takesFrom: config.open ? 'everybody' : 'enrolled',
    ...{ db, secrets, access, clock, logger },
  });
  const rendezvous = await createRendezvous({
    port: config.port,
    host: '127.0.0.1',
    uiDir: config.uiDir,
    allowedOrigins: [],
    keepsRooms: true,
    network: reach,
    scopesOf: enrolments.scopesOf,
    nodeInfo: {
      name: config.name,
      version: appVersion,
      environment,
      features: featuresFor(environment).filter(
        (feature) => feature !== 'recording' && (feature !== 'relay' || relay !== undefined),
      ),
    },
    access,
    tokens,
    members,
    registry,
    relay,
    cluster,
    turn,
    feed: new Feed({ db, clock }),
    projects,
    invitations: new ProjectInvitations({ db, clock, projects, members }),
    clock,
    logger,
    extraRoutes: [enrolmentRoutes({ enrolments, access }), ...replicas.routes],
    pageSources: replicas.pageSources,
    metrics: () => metrics.render(),
  });
  const metrics = new Metrics({
    rooms: () => registry.counts().rooms,
    participants: () => registry.counts().participants,
    sockets: () => rendezvous.openSockets(),
    ...(cluster && {
      cluster: () => ({ nodes: cluster.bus.others.size + 1, isSure: cluster.bus.isSure }),
    }),
    ...(turn.relays && { turn: () => turn.figures() }),
  });

  async function shutdown(): Promise<void> {
    await rendezvous.close();
    relay?.close();
    await replicas.close();
    await reach.close();
    registry.flush();
    db.close();
  }
  try {
    await reach.start(rendezvous.app, rendezvous.url);
    const { linkOrigin, certificate } = await reach.check();
    return {
      loopbackOrigin: rendezvous.url,
      origin: linkOrigin,
      fingerprint: certificate?.fingerprint,
      ownFingerprint: certificate?.source === 'own' ? certificate.fingerprint : undefined,
      sweepReplicas: replicas.sweep,
      shutdown,
    };
  } catch (error) {
    await shutdown();
    throw error;
  }
}
