import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';
import { RelayService } from './relay-service.ts';
import { type Mediasoup, type RelayListening, RelayWorkers } from './relay-workers.ts';

export interface RelayOptions {
  listening: RelayListening;
  registry: RoomRegistry;
  /** What people see the node called. */
  name: string;
  logger: Logger;
  /** Processes; one a core by default. */
  workers?: number;
  /** People of a room at one place. */
  peersPerPlace?: number;
}

/**
 * The relay of a node that offers one; `undefined`, and a line in the log that says why, where
 * mediasoup or its worker's program can't be had: rooms stay meshes then.
 */
export async function openRelay(options: RelayOptions): Promise<RelayService | undefined> {
  const { listening, registry, name, logger } = options;
  try {
    const mediasoup: Mediasoup = await import('mediasoup');
    const workers = await RelayWorkers.open({
      ...{ mediasoup, listening, logger },
      count: options.workers ?? availableParallelism(),
    });
    const { peersPerPlace } = options;
    return new RelayService({
      ...{ workers, registry, name, logger },
      ...(peersPerPlace !== undefined && { peersPerPlace }),
    });
  } catch (err) {
    logger.error(
      { err },
      'this node was to relay rooms and can’t: mediasoup or its worker is missing, or its ports are taken; rooms stay meshes',
    );
    return undefined;
  }
}
