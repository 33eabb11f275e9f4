import { EventEmitter } from 'node:events';
import type { RtpCapabilities } from '../../protocol/relay.ts';
import {
  PLACE_METHODS,
  type PlaceAnswer,
  type PlaceArgs,
  type PlaceMethod,
  type RelayPlace,
} from '../relay/relay-place.ts';

/** Says how things are to be: where it may not have been heard, the last word is said anew. */
const SAID_ANEW: readonly PlaceMethod[] = ['closePeer', 'closeProducer', 'closePipe', 'setPaused'];
/** What makes the opposite of it out of date. */
const OUTDATES: Partial<Record<PlaceMethod, PlaceMethod>> = {
  openPeer: 'closePeer',
  openPipe: 'closePipe',
};

export interface BorrowedPlaceOptions {
  placeId: string;
  routerRtpCapabilities: RtpCapabilities;
  /** Has the node that lent it do a thing; rejects with its refusal, and where it does not answer. */
  ask: (method: PlaceMethod, args: string) => Promise<string>;
  /** It is given back. */
  closed: () => void;
}

/** A place at another node's relay, for people of a room that this node has. */
export class BorrowedPlace extends EventEmitter<{ lost: [] }> implements RelayPlace {
  readonly placeId: string;
  readonly routerRtpCapabilities: RtpCapabilities;
  readonly #options: BorrowedPlaceOptions;
  /** By what is said of what. */
  readonly #unheard = new Map<string, () => Promise<unknown>>();

  readonly openPeer = this.#method('openPeer');
  readonly closePeer = this.#method('closePeer');
  readonly connect = this.#method('connect');
  readonly restartIce = this.#method('restartIce');
  readonly produce = this.#method('produce');
  readonly setPaused = this.#method('setPaused');
  readonly closeProducer = this.#method('closeProducer');
  readonly consume = this.#method('consume');
  readonly updateConsumers = this.#method('updateConsumers');
  readonly openPipe = this.#method('openPipe');
  readonly connectPipe = this.#method('connectPipe');
  readonly closePipe = this.#method('closePipe');
  readonly sendByPipe = this.#method('sendByPipe');
  readonly receiveByPipe = this.#method('receiveByPipe');

  constructor(options: BorrowedPlaceOptions) {
    super();
    this.#options = options;
    this.placeId = options.placeId;
    this.routerRtpCapabilities = options.routerRtpCapabilities;
  }

  close(): void {
    this.#unheard.clear();
    this.#options.closed();
  }

  /** Says once more what may not have been heard. */
  sayAnew(): void {
    for (const [key, say] of this.#unheard) this.#sayUntilHeard(key, say).catch(() => undefined);
  }

  #method<M extends PlaceMethod>(method: M) {
    return async (...args: PlaceArgs<M>): Promise<PlaceAnswer<M>> => {
      const say = () => this.#ask(method, args);
      const outdated = OUTDATES[method];
      if (outdated) this.#unheard.delete(`${outdated} ${args[0]}`);
      return SAID_ANEW.includes(method) ? this.#sayUntilHeard(`${method} ${args[0]}`, say) : say();
    };
  }

  async #sayUntilHeard<T>(key: string, say: () => Promise<T>): Promise<T> {
    this.#unheard.set(key, say);
    const answer = await say();
    if (this.#unheard.get(key) === say) this.#unheard.delete(key);
    return answer;
  }

  async #ask<M extends PlaceMethod>(method: M, args: PlaceArgs<M>): Promise<PlaceAnswer<M>> {
    const body = await this.#options.ask(method, JSON.stringify(args));
    return PLACE_METHODS[method].answer.parse(JSON.parse(body)) as PlaceAnswer<M>;
  }
}
