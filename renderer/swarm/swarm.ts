import type { ProtocolError } from '../../protocol/errors.ts';
import { memberOf, SWARM_LIMITS, type SwarmTicket } from '../../protocol/swarm.ts';
import { toRtcIceServer } from '../rooms/rtc-ice-server.ts';
import { type LinkOwner, PeerLink } from './peer-link.ts';
import { answerRtc, offerRtc, type RtcEnd } from './rtc-channel.ts';
import { type AnnouncedOffer, TrackerClient } from './tracker-client.ts';
import type { WireChannel } from './wire-channel.ts';

/** Viewers that this one looks for; each costs a connection and some memory. */
const WANTED_PEERS = 6;
/** More than it looks for may find it. */
const MAX_PEERS = 10;
/** Nobody answered an offer, or nobody could be reached. */
const CONNECT_MS = 30_000;
/** After so many that sent bad segments or junk, a viewer is better off with the node alone. */
export const MAX_OFFENDERS = 8;

export interface SwarmOptions {
  trackerUrl: string;
  ticket: () => Promise<SwarmTicket>;
  owner: Omit<LinkOwner, 'ended'>;
  /** Members that broke a rule before; who breaks one is added. */
  offenders: Set<string>;
  /** Links came or went, or the swarm has ended. */
  changed: () => void;
  /** Whether the swarm goes on; told once when it does not. */
  ended: (reason: SwarmEnd) => void;
}

/** Why this viewer exchanges nothing any more. */
export type SwarmEnd = { code: 'refused'; error: ProtocolError } | { code: 'too-many-offenders' };

/**
 * The viewers that this one is connected to. Whoever breaks a rule is closed and not taken again,
 * whatever window of the same account comes.
 */
export class Swarm {
  readonly #options: SwarmOptions;
  readonly #tracker: TrackerClient;
  readonly #links = new Map<string, PeerLink>();
  /** Connections that are being made: by offer where we offered, by peer where we answered. */
  readonly #offered = new Map<string, RtcEnd>();
  readonly #answered = new Map<string, RtcEnd>();
  #selfId = '';
  #isOpen = true;

  constructor(options: SwarmOptions) {
    this.#options = options;
    this.#tracker = new TrackerClient({
      url: options.trackerUrl,
      ticket: () => this.#ticket(),
      listener: {
        offers: (viewers) => this.#offers(viewers),
        offered: (peerId, offer) => this.#answer(peerId, offer),
        answered: (peerId, offerId, answer) => this.#complete(peerId, offerId, answer),
        dropped: (peerIds) => {
          for (const peerId of peerIds) this.#links.get(peerId)?.close();
        },
        refused: (error) => this.#end({ code: 'refused', error }),
      },
    });
  }

  /** This viewer's id; empty until there is a ticket. */
  get selfId(): string {
    return this.#selfId;
  }

  get links(): readonly PeerLink[] {
    return [...this.#links.values()];
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#tracker.close();
    for (const end of [...this.#offered.values(), ...this.#answered.values()]) end.close();
    this.#offered.clear();
    this.#answered.clear();
    for (const link of this.#links.values()) link.close();
  }

  async #ticket(): Promise<SwarmTicket> {
    const ticket = await this.#options.ticket();
    this.#selfId = ticket.peerId;
    return ticket;
  }

  async #iceServers(): Promise<RTCIceServer[]> {
    return (await this.#ticket()).iceServers.map(toRtcIceServer);
  }

  /** No more than there are viewers we do not know: each offer is a connection that waits. */
  async #offers(viewers: number): Promise<AnnouncedOffer[]> {
    const known = this.#links.size + this.#answered.size + this.#offered.size;
    const wanted = Math.min(WANTED_PEERS, viewers - 1, SWARM_LIMITS.offers) - known;
    const iceServers = await this.#iceServers();
    const made = await Promise.all(
      Array.from({ length: Math.max(0, wanted) }, () => this.#offer(iceServers)),
    );
    return made.filter((offer) => offer !== undefined);
  }

  async #offer(iceServers: RTCIceServer[]): Promise<AnnouncedOffer | undefined> {
    const end = await offerRtc(iceServers);
    if (!this.#isOpen) {
      end.close();
      return undefined;
    }
    const offerId = randomOfferId();
    this.#offered.set(offerId, end);
    setTimeout(() => {
      if (this.#offered.delete(offerId)) end.close();
    }, CONNECT_MS);
    return { offer_id: offerId, offer: { type: 'offer', sdp: end.description.sdp ?? '' } };
  }

  async #answer(peerId: string, offer: RTCSessionDescriptionInit): Promise<string | undefined> {
    if (!this.#mayTake(peerId) || this.#answered.has(peerId)) return undefined;
    const end = await answerRtc(await this.#iceServers(), offer);
    if (!this.#mayTake(peerId) || this.#answered.has(peerId)) {
      end.close();
      return undefined;
    }
    this.#answered.set(peerId, end);
    this.#await(peerId, end);
    return end.description.sdp;
  }

  /**
   * Two viewers may have offered to each other at the same time. Of the two connections both keep
   * the one that the smaller id offered.
   */
  #complete(peerId: string, offerId: string, answer: RTCSessionDescriptionInit): void {
    const end = this.#offered.get(offerId);
    if (!end) return;
    this.#offered.delete(offerId);
    const rival = this.#answered.get(peerId);
    if (!this.#mayTake(peerId) || (rival && this.#selfId > peerId)) {
      end.close();
      return;
    }
    if (rival) {
      this.#answered.delete(peerId);
      rival.close();
    }
    end.accept(answer).then(
      () => this.#await(peerId, end),
      (error: unknown) => {
        console.info('An answer of another viewer could not be used.', error);
        end.close();
      },
    );
  }

  #await(peerId: string, end: RtcEnd): void {
    const timer = setTimeout(() => end.close(), CONNECT_MS);
    const settled = () => {
      clearTimeout(timer);
      if (this.#answered.get(peerId) === end) this.#answered.delete(peerId);
    };
    end.channel.then(
      (channel) => {
        settled();
        if (this.#mayTake(peerId)) this.#link(peerId, channel);
        else end.close();
      },
      () => {
        settled();
        end.close();
      },
    );
  }

  #link(peerId: string, channel: WireChannel): void {
    const link = new PeerLink(peerId, channel, {
      ...this.#options.owner,
      ended: (ended, offence) => this.#ended(ended, offence),
    });
    this.#links.set(peerId, link);
    this.#options.changed();
  }

  #ended(link: PeerLink, offence: string | undefined): void {
    this.#links.delete(link.peerId);
    if (offence !== undefined) {
      console.warn(`A viewer ${offence}; it is not taken again.`, link.peerId);
      this.#options.offenders.add(memberOf(link.peerId));
    }
    if (this.#options.offenders.size >= MAX_OFFENDERS) this.#end({ code: 'too-many-offenders' });
    this.#options.changed();
  }

  #mayTake(peerId: string): boolean {
    return (
      this.#isOpen &&
      peerId !== this.#selfId &&
      !this.#links.has(peerId) &&
      this.#links.size < MAX_PEERS &&
      !this.#options.offenders.has(memberOf(peerId))
    );
  }

  #end(reason: SwarmEnd): void {
    if (!this.#isOpen) return;
    this.close();
    this.#options.ended(reason);
  }
}

function randomOfferId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
