import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import type { Logger } from 'pino';

/** What is needed of the mediasoup package; it is loaded where a node relays, and not before. */
export type Mediasoup = Pick<typeof import('mediasoup'), 'createWorker'>;

export interface RelayListening {
  /** The address of this machine to listen on. */
  ip: string;
  /** What others reach it by, where that is another one. */
  announcedAddress?: string | undefined;
  /** UDP and TCP port of the first worker; the others take the next ones. Absent: any free one. */
  port?: number | undefined;
  /** What other nodes of the cluster reach it by; as everybody does, unless it is given. */
  nodesAddress?: string | undefined;
  /** UDP ports that they send to; any free ones, unless given. */
  nodesPorts?: { min: number; max: number } | undefined;
}

export interface RelayWorkersOptions {
  mediasoup: Mediasoup;
  /** One a core. */
  count: number;
  listening: RelayListening;
  logger: Logger;
}

/** A worker process and the one port of its own that all its transports share. */
export interface RelayWorker {
  readonly worker: types.Worker;
  readonly server: types.WebRtcServer;
  /** Rooms it forwards for; one that has several routers here is there as often. */
  readonly rooms: string[];
}

/** The processes that forward media. One that dies is replaced, and whoever used it is told. */
export class RelayWorkers extends EventEmitter<{ died: [RelayWorker] }> {
  readonly #options: RelayWorkersOptions;
  readonly #workers: (RelayWorker | undefined)[] = [];
  #isClosed = false;

  private constructor(options: RelayWorkersOptions) {
    super();
    // Each room that has a place on one of them listens.
    this.setMaxListeners(0);
    this.#options = options;
  }

  /** Rejects where the worker's program can't be had or run, or its ports are taken. */
  static async open(options: RelayWorkersOptions): Promise<RelayWorkers> {
    const workers = new RelayWorkers(options);
    try {
      for (let place = 0; place < options.count; place += 1) await workers.#start(place);
    } catch (error) {
      workers.close();
      throw error;
    }
    return workers;
  }

  /**
   * The one with the fewest rooms, and rather one that this room does not use yet; `undefined`
   * while all are being replaced.
   */
  leastUsed(roomId: string): RelayWorker | undefined {
    const uses = ({ rooms }: RelayWorker) => rooms.filter((used) => used === roomId).length;
    return [...this.running].sort(
      (a, b) => uses(a) - uses(b) || a.rooms.length - b.rooms.length,
    )[0];
  }

  /** Where an end of a pipe between two of a room's routers listens. */
  get pipeListenInfo(): types.TransportListenInfo {
    const { ip, announcedAddress, nodesAddress, nodesPorts } = this.#options.listening;
    const address = nodesAddress ?? announcedAddress;
    return {
      ...{ protocol: 'udp', ip: nodesAddress === undefined ? ip : '0.0.0.0' },
      ...(address !== undefined && { announcedAddress: address }),
      ...(nodesPorts && { portRange: nodesPorts }),
    };
  }

  get running(): readonly RelayWorker[] {
    return this.#workers.flatMap((worker) => worker ?? []);
  }

  close(): void {
    this.#isClosed = true;
    for (const running of this.running) running.worker.close();
  }

  async #start(place: number): Promise<void> {
    const { mediasoup, listening, logger } = this.#options;
    const worker = await mediasoup.createWorker({ logLevel: 'warn' });
    const { ip, announcedAddress, port } = listening;
    const listenInfos = (['udp', 'tcp'] as const).map((protocol) => ({
      protocol,
      ip,
      ...(announcedAddress !== undefined && { announcedAddress }),
      ...(port !== undefined && { port: port + place }),
    }));
    const server = await worker.createWebRtcServer({ listenInfos }).catch((error: unknown) => {
      worker.close();
      throw error;
    });
    const running: RelayWorker = { worker, server, rooms: [] };
    this.#workers[place] = running;
    worker.on('died', (error) => {
      logger.error({ err: error, pid: worker.pid }, 'a relay worker died; another takes its place');
      this.#workers[place] = undefined;
      if (this.#isClosed) return;
      this.#start(place)
        .catch((err: unknown) => logger.error({ err }, 'a relay worker could not be replaced'))
        .finally(() => this.emit('died', running));
    });
  }
}
