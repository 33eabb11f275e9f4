import { ProtocolError } from '../../../protocol/errors.ts';
import {
  SWARM_LIMITS,
  type SwarmAnnounce,
  type SwarmAnswer,
  type TrackerMessage,
} from '../../../protocol/swarm.ts';
import type { ViewerClaims } from '../../identity/token-claims.ts';
import { OfferInbox } from './offer-inbox.ts';
import { pickRandom } from './pick-random.ts';

/** Viewers of one recording that are introduced to each other; later ones use the node alone. */
const MAX_PEERS_PER_SWARM = 2_000;
/** All swarms together: about 1 KB each. */
const MAX_PEERS = 20_000;
/** Windows behind one address in one swarm: an office, not a crowd somebody made up. */
const MAX_PEERS_PER_ADDRESS = { network: 64, loopback: 512 } as const;
/** Recordings that one socket watches. */
const MAX_SWARMS_PER_SOCKET = 4;
/** A peer that has not announced itself for so long is gone. */
const SILENT_MS = 3 * SWARM_LIMITS.announceIntervalS * 1000;

/** The way back to a viewer. */
export interface TrackerSocket {
  /** Of the client, to bound what one address can fill. */
  readonly address: string;
  readonly isLoopback: boolean;
  send(message: TrackerMessage): void;
}

interface Member {
  claims: ViewerClaims;
  socket: TrackerSocket;
  announcedAtMs: number;
  inbox: OfferInbox;
}

export interface SwarmTrackerLimits {
  peersPerSwarm: number;
  peers: number;
  peersPerAddress: { network: number; loopback: number };
}

const LIMITS: SwarmTrackerLimits = {
  peersPerSwarm: MAX_PEERS_PER_SWARM,
  peers: MAX_PEERS,
  peersPerAddress: MAX_PEERS_PER_ADDRESS,
};

/**
 * Introduces the viewers of a recording to each other: offers go to peers of the same swarm at
 * random, an answer only to who made that offer. It knows no media. All it holds is bounded, and
 * what goes over a bound is refused with a `ProtocolError`.
 */
export class SwarmTracker {
  readonly #swarms = new Map<string, Map<string, Member>>();
  readonly #bySocket = new Map<TrackerSocket, Set<Member>>();
  readonly #limits: SwarmTrackerLimits;
  #peers = 0;
  #offersRelayed = 0;

  constructor(limits: Partial<SwarmTrackerLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** How much there is now, and how many offers were passed on since the start. */
  figures(): { swarms: number; peers: number; offersRelayed: number } {
    return { swarms: this.#swarms.size, peers: this.#peers, offersRelayed: this.#offersRelayed };
  }

  /**
   * Takes a peer in or keeps it in, and passes its offers on. The same peer id on another socket
   * takes the former's place: only one window can have the ticket.
   * @param claims of the announce's verified token
   * @throws `forbidden` for another swarm or peer than the ticket's, `swarm-full`, `rate-limited`
   */
  announce(
    socket: TrackerSocket,
    message: SwarmAnnounce,
    claims: ViewerClaims,
    nowMs: number,
  ): void {
    if (claims.ih !== message.info_hash || claims.peer !== message.peer_id) {
      throw new ProtocolError(
        'forbidden',
        'This ticket is for another recording or another window. Ask for one of your own.',
      );
    }
    const known = this.#member(message);
    if (message.event === 'stopped') {
      if (known?.socket === socket) this.#remove(known);
      return;
    }
    if (known && known.socket !== socket) this.#remove(known);
    const member = known?.socket === socket ? known : this.#add(socket, claims, nowMs);
    member.claims = claims;
    member.announcedAtMs = nowMs;
    const swarm = this.#swarms.get(claims.ih);
    socket.send(this.#state(claims.ih));
    const others = [...(swarm?.values() ?? [])].filter((other) => other !== member);
    const offers = message.offers ?? [];
    for (const [index, other] of pickRandom(others, offers.length).entries()) {
      const offer = offers[index];
      if (offer) this.#passOn(member, other, offer, nowMs);
    }
  }

  /**
   * Passes an answer to who made the offer, once.
   * @throws `peer-not-found` for an offer that this peer was never sent, or that is too old
   */
  answer(socket: TrackerSocket, message: SwarmAnswer, nowMs: number): void {
    const { info_hash, peer_id, to_peer_id, offer_id, answer } = message;
    const member = this.#member(message);
    if (member?.socket !== socket) {
      throw new ProtocolError('forbidden', 'You can only answer for yourself. Announce first.');
    }
    const asked = member.inbox.take(offer_id, to_peer_id, nowMs);
    const target = this.#swarms.get(info_hash)?.get(to_peer_id);
    if (!asked || !target) {
      throw new ProtocolError('peer-not-found', 'Nobody in this swarm waits for this answer.');
    }
    target.socket.send({ action: 'announce', info_hash, peer_id, offer_id, answer });
  }

  /** The socket has closed. */
  leave(socket: TrackerSocket): void {
    for (const member of [...(this.#bySocket.get(socket) ?? [])]) this.#remove(member);
  }

  /** Whether this socket speaks for anybody. */
  isMember(socket: TrackerSocket): boolean {
    return this.#bySocket.has(socket);
  }

  /**
   * Applies what time and rights decide: who fell silent goes, and who may not watch any more is
   * dropped and their peers are told.
   * @param judgeOf for each recording, what says why somebody may not stay
   */
  sweep(
    nowMs: number,
    judgeOf: (recordingId: string) => (claims: ViewerClaims) => ProtocolError | undefined,
  ): void {
    for (const [infoHash, swarm] of this.#swarms) {
      const dropped: string[] = [];
      const members = [...swarm.values()];
      const [first] = members;
      if (!first) continue;
      const refusalOf = judgeOf(first.claims.rec);
      for (const member of members) {
        const refusal = hasRunOut(member, nowMs) ? RUN_OUT : refusalOf(member.claims);
        if (refusal) {
          this.#remove(member);
          member.socket.send(failure(refusal, infoHash));
          dropped.push(member.claims.peer);
        } else if (nowMs - member.announcedAtMs >= SILENT_MS) this.#remove(member);
        else member.inbox.sweep(nowMs);
      }
      if (dropped.length === 0) continue;
      const state = { ...this.#state(infoHash), dropped };
      for (const member of swarm.values()) member.socket.send(state);
    }
  }

  #add(socket: TrackerSocket, claims: ViewerClaims, nowMs: number): Member {
    const swarm = this.#swarms.get(claims.ih) ?? new Map<string, Member>();
    this.#requireRoom(socket, swarm);
    const member = { claims, socket, announcedAtMs: nowMs, inbox: new OfferInbox() };
    swarm.set(claims.peer, member);
    this.#swarms.set(claims.ih, swarm);
    const mine = this.#bySocket.get(socket) ?? new Set();
    this.#bySocket.set(socket, mine.add(member));
    this.#peers += 1;
    return member;
  }

  #requireRoom(socket: TrackerSocket, swarm: ReadonlyMap<string, Member>): void {
    const { peersPerSwarm, peers, peersPerAddress } = this.#limits;
    if (swarm.size >= peersPerSwarm || this.#peers >= peers) {
      throw new ProtocolError(
        'swarm-full',
        'Too many viewers exchange segments here. Everything comes from the node instead.',
      );
    }
    if ((this.#bySocket.get(socket)?.size ?? 0) >= MAX_SWARMS_PER_SOCKET) {
      throw new ProtocolError('rate-limited', 'One socket takes part in four swarms at most.');
    }
    const { address, isLoopback } = socket;
    const allowed = peersPerAddress[isLoopback ? 'loopback' : 'network'];
    let there = 0;
    for (const member of swarm.values()) if (member.socket.address === address) there += 1;
    if (there >= allowed) {
      throw new ProtocolError(
        'rate-limited',
        'Too many viewers exchange segments at this address.',
      );
    }
  }

  #passOn(
    from: Member,
    to: Member,
    { offer_id, offer }: NonNullable<SwarmAnnounce['offers']>[number],
    nowMs: number,
  ): void {
    const { ih: info_hash, peer: peer_id } = from.claims;
    if (!to.inbox.put(offer_id, peer_id, nowMs)) return;
    to.socket.send({ action: 'announce', info_hash, peer_id, offer_id, offer });
    this.#offersRelayed += 1;
  }

  #state(infoHash: string): Extract<TrackerMessage, { interval: number }> {
    return {
      action: 'announce',
      info_hash: infoHash,
      interval: SWARM_LIMITS.announceIntervalS,
      complete: 0,
      incomplete: this.#swarms.get(infoHash)?.size ?? 0,
    };
  }

  #member(of: { info_hash: string; peer_id: string }): Member | undefined {
    return this.#swarms.get(of.info_hash)?.get(of.peer_id);
  }

  #remove(member: Member): void {
    const { ih, peer } = member.claims;
    const swarm = this.#swarms.get(ih);
    if (swarm?.get(peer) !== member) return;
    swarm.delete(peer);
    this.#peers -= 1;
    if (swarm.size === 0) this.#swarms.delete(ih);
    const mine = this.#bySocket.get(member.socket);
    mine?.delete(member);
    if (mine?.size === 0) this.#bySocket.delete(member.socket);
  }
}

const RUN_OUT = new ProtocolError(
  'auth-failed',
  'This ticket has run out. Ask for another one and announce again.',
);

function hasRunOut({ claims }: Member, nowMs: number): boolean {
  return nowMs >= claims.exp * 1000;
}

/** A refusal as trackers say it. */
export function failure(error: ProtocolError, infoHash?: string): TrackerMessage {
  return {
    action: 'announce',
    ...(infoHash !== undefined && { info_hash: infoHash }),
    'failure reason': error.message,
    code: error.code,
  };
}
