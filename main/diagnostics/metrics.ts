import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Asked at every scrape, so that no counter can drift from what it counts. */
export interface MetricSources {
  /** Rooms that have not ended. */
  rooms(): number;
  /** People in those rooms. */
  participants(): number;
  /** Open, authenticated sockets on `/ws`. */
  sockets(): number;
}

/** What `GET /metrics` tells, in Prometheus' text format: the process and the rooms. */
export class Metrics {
  readonly registry = new Registry();

  constructor(sources: MetricSources) {
    collectDefaultMetrics({ register: this.registry });
    this.#gauge('swarm_rooms', 'Rooms that have not ended', sources.rooms);
    this.#gauge('swarm_participants', 'People in rooms', sources.participants);
    this.#gauge('swarm_sockets', 'Open sockets on /ws', sources.sockets);
  }

  /** The text of `GET /metrics`; its content type is `registry.contentType`. */
  render(): Promise<string> {
    return this.registry.metrics();
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
