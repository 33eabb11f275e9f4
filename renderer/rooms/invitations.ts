import { ProtocolError } from '../../protocol/errors.ts';
import type { Invite, Invitee } from '../../protocol/rooms.ts';
import type { Api } from '../api/client.ts';
import { inviteRevoked, invitesTold } from './moderator-transitions.ts';
import type { StreamingStore } from './streaming-store.ts';

/** The invitations of the room one moderates. */
export class Invitations {
  readonly #api: Pick<Api, 'invitations'>;
  readonly #store: StreamingStore;

  constructor(api: Pick<Api, 'invitations'>, store: StreamingStore) {
    this.#api = api;
    this.#store = store;
  }

  /** Answers the new invitation. Rejects with the node's refusal. */
  async mint(invitee: Invitee): Promise<Invite> {
    const known = new Set(this.#store.state.invites.map(({ inviteId }) => inviteId));
    const invites = await this.#ask({ invitees: [invitee] });
    const made = invites.find(({ inviteId }) => !known.has(inviteId));
    if (!made) throw new ProtocolError('internal', 'The node made no invitation. Try again.');
    return made;
  }

  /** Shown at once; rejects with the node's refusal, after everything is as it was. */
  async revoke(inviteId: string): Promise<void> {
    const before = this.#store.state.invites;
    this.#store.apply(inviteRevoked, inviteId);
    const shown = this.#store.state.invites;
    try {
      await this.#ask({ revoke: [inviteId] });
    } catch (error) {
      // What the node has told meanwhile is nearer to the truth than what we knew before.
      if (this.#store.state.invites === shown) this.#store.apply(invitesTold, before);
      throw error;
    }
  }

  async refresh(): Promise<void> {
    await this.#ask({});
  }

  async #ask(request: Parameters<Api['invitations']>[1]): Promise<Invite[]> {
    const { room, phase } = this.#store.state;
    if (phase !== 'inside' || !room) {
      throw new ProtocolError('room-closed', 'You are not in a room any more.');
    }
    const { invites } = await this.#api.invitations(room.roomId, request);
    if (this.#store.state.room?.roomId === room.roomId) this.#store.apply(invitesTold, invites);
    return invites;
  }
}
