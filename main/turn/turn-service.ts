import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import type { IceServer, Participant } from '../../protocol/rooms.ts';
import type { Clock } from '../clock.ts';
import { TurnBudget, type TurnUse } from './turn-budget.ts';
import { CHECK_LIFETIME_MS, CREDENTIAL_LIFETIME_MS, turnCredentials } from './turn-credentials.ts';
import type { TurnSecret } from './turn-secret.ts';

/** What this needs of the rooms: who is in one, and to be told when that changes. */
export interface RelayedRooms {
  /** Throws where there is no such room. */
  participants(roomId: string): readonly Pick<Participant, 'connection'>[];
  on(event: 'updated', listener: (roomId: string) => void): unknown;
  on(event: 'ended', listener: (room: { roomId: string }) => void): unknown;
}

/** Servers that relay, and the secret shared with all of them. */
export interface Relay {
  /** As `IceUrl` has them, in the order in which clients should try them. */
  urls: readonly string[];
  secret: Pick<TurnSecret, 'current'>;
}

export interface TurnServiceOptions {
  stunUrls: readonly string[];
  /** `undefined` on a node that relays nothing. */
  relay: Relay | undefined;
  /** Most relayed participants of a room, 1 or more. */
  relayedPerRoom: number;
  rooms: RelayedRooms;
  clock: Clock;
  logger: Logger;
}

/** What the service tells. */
export interface TurnEvents {
  /** The room's `RelayState` is another one now. */
  changed: [roomId: string, use: TurnUse];
}

/** What the rendezvous needs of it. */
export type IceSource = Pick<TurnService, 'iceServersFor' | 'iceServersForCheck'>;

/**
 * Hands out the addresses of STUN and TURN servers with credentials of each peer's own, and
 * watches how much of the relay each room uses. What is relayed is known from heartbeats.
 */
export class TurnService extends EventEmitter<TurnEvents> {
  readonly #stunUrls: readonly string[];
  readonly #relay: Relay | undefined;
  readonly #budget: TurnBudget;
  readonly #rooms: RelayedRooms;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Of rooms in which somebody is relayed. */
  readonly #uses = new Map<string, TurnUse>();
  #issued = 0;
  #withheld = 0;

  constructor(options: TurnServiceOptions) {
    super();
    this.#stunUrls = options.stunUrls;
    this.#relay = options.relay;
    this.#budget = new TurnBudget(options.relayedPerRoom);
    this.#rooms = options.rooms;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#rooms.on('updated', (roomId) => this.#review(roomId));
    this.#rooms.on('ended', ({ roomId }) => this.#forget(roomId));
  }

  /** Whether this node has TURN servers to hand out. */
  get relays(): boolean {
    return this.#relay !== undefined;
  }

  /**
   * What a peer is told on joining and with each renewed ticket. Credentials hold for
   * {@link CREDENTIAL_LIFETIME_MS}; past the room's cap there are none, and no TURN server then.
   */
  iceServersFor(
    room: { roomId: string },
    participant: Pick<Participant, 'peerId' | 'connection'>,
  ): IceServer[] {
    const stun = this.stunServers();
    if (!this.#relay) return stun;
    const { roomId } = room;
    const { peerId } = participant;
    const use = this.#budget.use(this.#rooms.participants(roomId));
    if (!this.#budget.allows(use, participant)) {
      this.#withheld += 1;
      this.#logger.info({ roomId, peerId }, 'the relay is full for this room: STUN only');
      return stun;
    }
    return [...stun, this.#issue(this.#relay, `${roomId}.${peerId}`, CREDENTIAL_LIFETIME_MS)];
  }

  /** The same servers for a check before joining; the credentials allow one soon. */
  iceServersForCheck(caller: { userId: string }): IceServer[] {
    const stun = this.stunServers();
    if (!this.#relay) return stun;
    return [...stun, this.#issue(this.#relay, `check.${caller.userId}`, CHECK_LIFETIME_MS)];
  }

  /** How much the rooms use now, for the metrics. */
  figures() {
    const uses = [...this.#uses.values()];
    return {
      credentialsIssued: this.#issued,
      credentialsWithheld: this.#withheld,
      relayedParticipants: uses.reduce((sum, use) => sum + use.relayedParticipants, 0),
      estimatedMbps: uses.reduce((sum, use) => sum + use.estimatedMbps, 0),
      fullestRoomRatio: Math.max(0, ...uses.map(({ ratio }) => ratio)),
      roomsAboveAlert: uses.filter(({ state }) => state !== 'available').length,
    };
  }

  /** What finds addresses and relays nothing. */
  stunServers(): IceServer[] {
    return this.#stunUrls.length > 0 ? [{ urls: [...this.#stunUrls] }] : [];
  }

  #issue({ urls, secret }: Relay, owner: string, lifetimeMs: number): IceServer {
    this.#issued += 1;
    const expiresAtMs = this.#clock() + lifetimeMs;
    return { urls: [...urls], ...turnCredentials(secret.current(), owner, expiresAtMs) };
  }

  #review(roomId: string): void {
    const use = this.#budget.use(this.#rooms.participants(roomId));
    const before = this.#uses.get(roomId)?.state ?? 'available';
    if (use.relayedParticipants > 0) this.#uses.set(roomId, use);
    else this.#uses.delete(roomId);
    if (use.state === before) return;
    this.#log(roomId, use);
    this.emit('changed', roomId, use);
  }

  #log(roomId: string, use: TurnUse): void {
    const { relayedParticipants, cap } = use;
    const share = `${relayedParticipants} of ${cap} relayed participants`;
    if (use.state === 'available') {
      this.#logger.info({ roomId, turn: use }, `the relay has room again: ${share}`);
    } else if (use.state === 'strained') {
      this.#logger.warn({ roomId, turn: use }, `the relay is nearly full for a room: ${share}`);
    } else {
      this.#logger.warn(
        { roomId, turn: use },
        `the relay is full for a room: ${share}; nobody else of it gets credentials`,
      );
    }
  }

  #forget(roomId: string): void {
    this.#uses.delete(roomId);
  }
}
