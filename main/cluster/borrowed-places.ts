import { z } from 'zod';
import { Problem, ProtocolError } from '../../protocol/errors.ts';
import { RtpCapabilities } from '../../protocol/relay.ts';
import { relayAway } from '../relay/relay-errors.ts';
import { PlaceId, type RelayPlace } from '../relay/relay-place.ts';
import type { RelayLenders } from '../relay/relay-service.ts';
import type { SocketHub } from '../rendezvous/sockets/socket-hub.ts';
import { BorrowedPlace } from './borrowed-place.ts';
import type { ClusterBus } from './cluster-bus.ts';
import type { ClusterMessage } from './cluster-messages.ts';
import type { ClusterQuestions } from './cluster-questions.ts';
import { parsedJson } from './redis-client.ts';
import { RemoteConnection } from './remote-connection.ts';

const NewPlace = z.object({ placeId: PlaceId, routerRtpCapabilities: RtpCapabilities });

interface Borrowed {
  place: BorrowedPlace;
  nodeId: string;
}

export interface BorrowedPlacesOptions {
  bus: ClusterBus;
  questions: ClusterQuestions;
  hub: SocketHub;
}

/** Places at other nodes' relays, for people of this node's rooms whose sockets are there. */
export class BorrowedPlaces implements RelayLenders {
  readonly #options: BorrowedPlacesOptions;
  readonly #borrowed = new Map<string, Borrowed>();

  constructor(options: BorrowedPlacesOptions) {
    this.#options = options;
    const { bus } = options;
    bus.on('message', (from, message) => {
      if (message.type === 'relay:lost') this.#lost(from, message.placeId);
    });
    bus.on('left', (gone) => {
      for (const [placeId, { nodeId }] of this.#borrowed) {
        if (nodeId === gone) this.#lost(gone, placeId);
      }
    });
    for (const event of ['reconnected', 'resumed'] as const) bus.on(event, () => this.#compare());
  }

  nodeOf(roomId: string, peerId: string): string | undefined {
    const { hub, bus } = this.#options;
    const connection = hub.socketOf(roomId, peerId);
    if (!(connection instanceof RemoteConnection)) return undefined;
    return bus.others.get(connection.nodeId)?.relays ? connection.nodeId : undefined;
  }

  nameOf(nodeId: string): string | undefined {
    return this.#options.bus.others.get(nodeId)?.name;
  }

  async borrow(nodeId: string, roomId: string): Promise<RelayPlace> {
    const { bus } = this.#options;
    const body = await this.#ask(nodeId, (askId) => ({ type: 'relay:borrow', askId, roomId }));
    const { placeId, routerRtpCapabilities } = NewPlace.parse(parsedJson(body));
    const place = new BorrowedPlace({
      ...{ placeId, routerRtpCapabilities },
      ask: (method, args) =>
        this.#ask(nodeId, (askId) => ({ type: 'relay:ask', askId, placeId, method, args })),
      closed: () => {
        this.#borrowed.delete(placeId);
        bus.send(nodeId, { type: 'relay:return', placeId });
      },
    });
    this.#borrowed.set(placeId, { place, nodeId });
    return place;
  }

  /** Rejects with the refusal of that node, or with `store-unavailable` where it does not answer. */
  async #ask(nodeId: string, question: (askId: string) => ClusterMessage): Promise<string> {
    const { bus, questions } = this.#options;
    const { status, body } = await questions.ask(nodeId, (askId) =>
      bus.send(nodeId, question(askId)),
    );
    if (status === 200) return body;
    const problem = Problem.safeParse(parsedJson(body));
    throw problem.success ? new ProtocolError(problem.data.code, problem.data.detail) : relayAway();
  }

  #lost(nodeId: string, placeId: string): void {
    const borrowed = this.#borrowed.get(placeId);
    if (borrowed?.nodeId !== nodeId) return;
    this.#borrowed.delete(placeId);
    borrowed.place.emit('lost');
  }

  /** What was said may be lost: the others hear what is borrowed of them, and how it is to be. */
  #compare(): void {
    const { bus } = this.#options;
    for (const nodeId of bus.others.keys()) {
      const held = [...this.#borrowed].filter(([, borrowed]) => borrowed.nodeId === nodeId);
      const placeIds = held.map(([placeId]) => placeId);
      bus.send(nodeId, { type: 'relay:held', placeIds });
      for (const [, { place }] of held) place.sayAnew();
    }
  }
}
