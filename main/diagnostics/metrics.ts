import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Asked at every scrape, so that no counter can drift from what it counts. */
export interface MetricSources {
  /** Rooms that have not ended. */
  rooms(): number;
  /** People in those rooms. */
  participants(): number;
  /** Open, authenticated sockets on `/ws`. */
  sockets(): number;
  /** Absent on a node without TURN servers. */
  turn?: () => TurnFigures;
  /** Absent on a node that is alone. */
  cluster?: () => ClusterFigures;
  /** Absent on a node that keeps no recordings. */
  tracker?: () => TrackerFigures;
}

/** What the relay did, and how much of it the rooms use now. */
export interface TurnFigures {
  credentialsIssued: number;
  /** Asked for past a room's cap. */
  credentialsWithheld: number;
  relayedParticipants: number;
  /** Each way. */
  estimatedMbps: number;
  /** Of the room that uses most of its cap; 1 is the cap. */
  fullestRoomRatio: number;
  roomsAboveAlert: number;
}

/** The nodes that serve the same rooms. */
export interface ClusterFigures {
  /** This one among them. */
  nodes: number;
  /** Whether this node may decide: it reaches Redis, and its clock is right. */
  isSure: boolean;
}

/** Viewers who exchange segments. */
export interface TrackerFigures {
  swarms: number;
  peers: number;
  /** Since the start. */
  offersRelayed: number;
}

/** What `GET /metrics` tells, in Prometheus' text format: the process and the rooms. */
export class Metrics {
  readonly registry = new Registry();

  constructor(sources: MetricSources) {
    collectDefaultMetrics({ register: this.registry });
    this.#gauge('swarm_rooms', 'Rooms that have not ended', sources.rooms);
    this.#gauge('swarm_participants', 'People in rooms', sources.participants);
    this.#gauge('swarm_sockets', 'Open sockets on /ws', sources.sockets);
    if (sources.turn) this.#turn(sources.turn);
    if (sources.cluster) this.#cluster(sources.cluster);
    if (sources.tracker) this.#tracker(sources.tracker);
  }

  /** The text of `GET /metrics`; its content type is `registry.contentType`. */
  render(): Promise<string> {
    return this.registry.metrics();
  }

  /** Without room ids: whoever may read metrics need not learn which rooms there are. */
  #turn(figures: () => TurnFigures): void {
    this.#counter(
      'swarm_turn_credentials_issued_total',
      'TURN credentials handed out',
      () => figures().credentialsIssued,
    );
    this.#counter(
      'swarm_turn_credentials_withheld_total',
      'TURN credentials not handed out because the room was at its cap',
      () => figures().credentialsWithheld,
    );
    this.#gauge(
      'swarm_turn_relayed_participants',
      'People whose media is relayed',
      () => figures().relayedParticipants,
    );
    this.#gauge(
      'swarm_turn_estimated_megabits_per_second',
      'Estimated relayed media each way',
      () => figures().estimatedMbps,
    );
    this.#gauge(
      'swarm_turn_room_use_ratio',
      'Relayed people in the room that uses most of its cap, as a share of the cap',
      () => figures().fullestRoomRatio,
    );
    this.#gauge(
      'swarm_turn_rooms_above_alert',
      'Rooms above 70 % of their cap',
      () => figures().roomsAboveAlert,
    );
  }

  #cluster(figures: () => ClusterFigures): void {
    this.#gauge(
      'swarm_cluster_nodes',
      'Nodes that serve these rooms, this one among them',
      () => figures().nodes,
    );
    this.#gauge(
      'swarm_cluster_sure',
      '1 while this node may decide, 0 while it can’t reach its store or its clock is wrong',
      () => Number(figures().isSure),
    );
  }

  #tracker(figures: () => TrackerFigures): void {
    this.#gauge(
      'swarm_tracker_swarms',
      'Recordings whose viewers exchange segments',
      () => figures().swarms,
    );
    this.#gauge('swarm_tracker_peers', 'Viewers who exchange segments', () => figures().peers);
    this.#counter(
      'swarm_tracker_offers_relayed_total',
      'Offers passed on between viewers',
      () => figures().offersRelayed,
    );
  }

  /** `value` never goes down. */
  #counter(name: string, help: string, value: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  #gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }
}
