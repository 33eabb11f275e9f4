import { ProtocolError } from '../../protocol/errors.ts';
import { SWARM_LIMITS, type SwarmTicket, TrackerMessage } from '../../protocol/swarm.ts';
import { type RetryPolicy, reconnectDelay } from '../rooms/reconnect-delay.ts';

/** An offer as it is announced; the tracker chooses who gets it. */
export interface AnnouncedOffer {
  offer_id: string;
  offer: { type: 'offer'; sdp: string };
}

export interface TrackerListener {
  /** Offers to announce now; asked before each announce. @param viewers in the swarm, as last told */
  offers(viewers: number): Promise<AnnouncedOffer[]>;
  /** Somebody offers a connection. Answers the answer; `undefined` where there shall be none. */
  offered(peerId: string, offer: RTCSessionDescriptionInit): Promise<string | undefined>;
  answered(peerId: string, offerId: string, answer: RTCSessionDescriptionInit): void;
  /** These may not take part any more. */
  dropped(peerIds: readonly string[]): void;
  /** This viewer may not take part (any more); the tracker is left alone from now on. */
  refused(error: ProtocolError): void;
}

export interface TrackerClientOptions {
  /** e.g. `ws://127.0.0.1:41234/tracker` */
  url: string;
  /** A valid ticket; asked before each announce. Rejects with the node's refusal. */
  ticket: () => Promise<SwarmTicket>;
  listener: TrackerListener;
  retry?: RetryPolicy;
}

/** Refusals after which asking again is no use: the right to watch is gone. */
const FINAL: ReadonlySet<string> = new Set([
  'forbidden',
  'auth-required',
  'recording-not-found',
  'recording-expired',
]);

/** Keeps this viewer announced to the node's tracker, over a socket that comes back by itself. */
export class TrackerClient {
  readonly #options: TrackerClientOptions;
  readonly #retry: RetryPolicy;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #viewers = 1;
  #isClosed = false;

  constructor(options: TrackerClientOptions) {
    this.#options = options;
    this.#retry = options.retry ?? reconnectDelay;
    this.#open();
  }

  /** Viewers in the swarm, this one among them, as last told. */
  get viewers(): number {
    return this.#viewers;
  }

  /** Announces now, with new offers: there are more viewers to be known. */
  announceSoon(delayMs: number): void {
    this.#schedule(delayMs);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open(): void {
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    socket.onopen = () => void this.#announce(async () => []);
    socket.onmessage = ({ data }) => this.#receive(String(data));
    socket.onclose = () => {
      if (this.#isClosed) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#open(), this.#retry.delayMs(this.#attempt++));
    };
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed || this.#socket?.readyState !== WebSocket.OPEN) return;
    const offers = () => this.#options.listener.offers(this.#viewers);
    this.#timer = setTimeout(() => void this.#announce(offers), delayMs);
  }

  async #announce(makeOffers: () => Promise<AnnouncedOffer[]>): Promise<void> {
    try {
      const { infoHash, peerId, token } = await this.#options.ticket();
      const offers = await makeOffers();
      this.#send({
        action: 'announce',
        info_hash: infoHash,
        peer_id: peerId,
        token,
        numwant: offers.length,
        offers,
      });
      this.#schedule(SWARM_LIMITS.announceIntervalS * 1000);
    } catch (error) {
      if (error instanceof ProtocolError && FINAL.has(error.code)) return this.#giveUp(error);
      console.info('The announce came to nothing and is tried again.', error);
      this.#schedule(this.#retry.delayMs(this.#attempt++));
    }
  }

  #receive(text: string): void {
    const parsed = TrackerMessage.safeParse(parseJson(text));
    if (!parsed.success) {
      console.warn('The tracker said something that it should not.', parsed.error);
      return;
    }
    const message = parsed.data;
    if ('code' in message) {
      const refusal = new ProtocolError(message.code, message['failure reason']);
      if (FINAL.has(refusal.code)) this.#giveUp(refusal);
      else console.info('The tracker refused something.', refusal);
    } else if ('offer' in message) {
      void this.#answer(message.peer_id, message.offer_id, message.offer);
    } else if ('answer' in message) {
      this.#options.listener.answered(message.peer_id, message.offer_id, message.answer);
    } else {
      this.#attempt = 0;
      const grew = message.incomplete > this.#viewers;
      this.#viewers = message.incomplete;
      if (message.dropped) this.#options.listener.dropped(message.dropped);
      if (grew) this.#schedule(0);
    }
  }

  async #answer(from: string, offerId: string, offer: RTCSessionDescriptionInit): Promise<void> {
    try {
      const sdp = await this.#options.listener.offered(from, offer);
      if (sdp === undefined) return;
      const { infoHash, peerId } = await this.#options.ticket();
      this.#send({
        action: 'announce',
        info_hash: infoHash,
        peer_id: peerId,
        to_peer_id: from,
        offer_id: offerId,
        answer: { type: 'answer', sdp },
      });
    } catch (error) {
      // They offer again, or we do.
      console.info('An offer of another viewer could not be answered.', error);
    }
  }

  #giveUp(error: ProtocolError): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.listener.refused(error);
  }

  #send(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
