import type { Logger } from 'pino';
import type { InvitationActions } from '../invitation-actions.ts';
import type { RoomRegistry } from '../room-registry.ts';
import { withInvites } from './invites-message.ts';
import type { SocketHub } from './socket-hub.ts';

/** More than these nobody looks through in a room; the rest is read over REST. */
const NEWEST_INVITES = 40;

export interface ModeratorNewsOptions {
  registry: RoomRegistry;
  invitations: InvitationActions;
  hub: SocketHub;
  logger: Logger;
}

/**
 * Tells moderators who knocks and what becomes of invitations, and those who knock how they were
 * answered. Nobody else ever hears of either.
 */
export class ModeratorNews {
  readonly #registry: RoomRegistry;
  readonly #invitations: InvitationActions;
  readonly #hub: SocketHub;
  readonly #logger: Logger;
  readonly #changedInvites = new Set<string>();
  readonly #changedKnocks = new Set<string>();
  #isTelling = false;

  constructor(options: ModeratorNewsOptions) {
    this.#registry = options.registry;
    this.#invitations = options.invitations;
    this.#hub = options.hub;
    this.#logger = options.logger;
  }

  start(): void {
    const registry = this.#registry;
    registry.on('invitesChanged', (roomId) => this.#invitesChanged(roomId));
    registry.on('knocksChanged', (roomId) => this.#knocksChanged(roomId));
    registry.on('roleChanged', (roomId) => this.#knocksChanged(roomId));
    registry.on('admission', (roomId, userId, status, reason) => {
      this.#hub.toMember(userId, {
        type: 'room:admission',
        ...{ roomId, status },
        ...(reason && { reason }),
      });
    });
    registry.on('ended', ({ roomId }, reason) => {
      for (const { userId } of registry.knocks.list(roomId)) {
        this.#hub.toMember(userId, { type: 'room:ended', roomId, reason });
      }
    });
  }

  /** Many changes in one turn are one message. */
  #knocksChanged(roomId: string): void {
    if (this.#changedKnocks.size === 0) setImmediate(() => this.#tellKnocks());
    this.#changedKnocks.add(roomId);
  }

  #tellKnocks(): void {
    for (const roomId of this.#changedKnocks) {
      if (!this.#registry.get(roomId)) continue;
      const knocks = this.#registry.knocks.list(roomId);
      this.#hub.toModerators(roomId, { type: 'room:knocks', roomId, knocks });
    }
    this.#changedKnocks.clear();
  }

  #invitesChanged(roomId: string): void {
    this.#changedInvites.add(roomId);
    if (this.#isTelling) return;
    this.#isTelling = true;
    setImmediate(() => this.#tellInvites());
  }

  /** One list after the other: signing takes turns, and an older list must not come last. */
  async #tellInvites(): Promise<void> {
    for (const roomId of this.#changedInvites) {
      this.#changedInvites.delete(roomId);
      if (!this.#registry.get(roomId)) continue;
      try {
        const newest = await this.#invitations.views(roomId, NEWEST_INVITES);
        this.#hub.toModerators(roomId, withInvites({ type: 'room:invites', roomId }, newest));
      } catch (err) {
        this.#logger.error({ err, roomId }, 'moderators were not told of invitations');
      }
    }
    this.#isTelling = false;
  }
}
