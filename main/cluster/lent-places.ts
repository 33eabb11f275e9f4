import type { Logger } from 'pino';
import { ProtocolError } from '../../protocol/errors.ts';
import { notRelayed } from '../relay/relay-errors.ts';
import { PLACE_METHODS, type PlaceMethod } from '../relay/relay-place.ts';
import type { RelayWorkers } from '../relay/relay-workers.ts';
import { WorkerPlace } from '../relay/worker-place.ts';
import type { ClusterBus } from './cluster-bus.ts';
import type { ClusterMessage, ForwardedAnswer } from './cluster-messages.ts';

type MessageOf<T extends ClusterMessage['type']> = Extract<ClusterMessage, { type: T }>;

interface Lent {
  place: WorkerPlace;
  /** The node whose room is there; only it is listened to. */
  to: string;
}

/** Places at this node's relay for people whose rooms other nodes have. */
export class LentPlaces {
  readonly #bus: ClusterBus;
  readonly #workers: RelayWorkers;
  readonly #logger: Logger;
  readonly #lent = new Map<string, Lent>();

  constructor(options: { bus: ClusterBus; workers: RelayWorkers; logger: Logger }) {
    this.#bus = options.bus;
    this.#workers = options.workers;
    this.#logger = options.logger;
    const { bus } = options;
    bus.on('message', (from, message) => this.#receive(from, message));
    bus.on('left', (gone) => this.#takeBack(gone, []));
  }

  #receive(from: string, message: ClusterMessage): void {
    switch (message.type) {
      case 'relay:borrow':
        void this.#answer(from, message.askId, () => this.#lend(from, message.roomId));
        return;
      case 'relay:ask':
        void this.#answer(from, message.askId, () => this.#do(from, message));
        return;
      case 'relay:return':
        if (this.#lent.get(message.placeId)?.to === from) this.#end(message.placeId);
        return;
      case 'relay:held':
        this.#takeBack(from, message.placeIds);
        for (const placeId of message.placeIds) {
          if (this.#lent.get(placeId)?.to !== from) this.#bus.send(from, lost(placeId));
        }
        return;
      default:
        return;
    }
  }

  async #lend(to: string, roomId: string) {
    const place = await WorkerPlace.open(this.#workers, roomId);
    const { placeId, routerRtpCapabilities } = place;
    this.#lent.set(placeId, { place, to });
    place.on('lost', () => {
      this.#end(placeId);
      this.#bus.send(to, lost(placeId));
    });
    return { placeId, routerRtpCapabilities };
  }

  async #do(from: string, { placeId, method, args }: MessageOf<'relay:ask'>): Promise<unknown> {
    const lent = this.#lent.get(placeId);
    if (lent?.to !== from) {
      this.#bus.send(from, lost(placeId));
      throw notRelayed('This place is gone.');
    }
    if (!isMethod(method)) throw new Error(`No place does ${method}.`);
    const parsed = PLACE_METHODS[method].args.parse(JSON.parse(args));
    return (lent.place[method] as (...args: unknown[]) => Promise<unknown>)(...parsed);
  }

  async #answer(to: string, askId: string, work: () => Promise<unknown>): Promise<void> {
    let answer: ForwardedAnswer;
    try {
      answer = { status: 200, headers: {}, body: JSON.stringify(await work()) };
    } catch (err) {
      const problem = err instanceof ProtocolError ? err.toProblem() : undefined;
      if (!problem) this.#logger.error({ err, to }, 'another node asked for what failed');
      const body = problem ? JSON.stringify(problem) : '';
      answer = { status: problem?.status ?? 500, headers: {}, body };
    }
    this.#bus.send(to, { type: 'answer', askId, answer });
  }

  /** All that a node borrowed, but what it holds. */
  #takeBack(nodeId: string, held: readonly string[]): void {
    for (const [placeId, { to }] of this.#lent) {
      if (to === nodeId && !held.includes(placeId)) this.#end(placeId);
    }
  }

  #end(placeId: string): void {
    this.#lent.get(placeId)?.place.close();
    this.#lent.delete(placeId);
  }
}

const lost = (placeId: string): ClusterMessage => ({ type: 'relay:lost', placeId });

function isMethod(name: string): name is PlaceMethod {
  return Object.hasOwn(PLACE_METHODS, name);
}
