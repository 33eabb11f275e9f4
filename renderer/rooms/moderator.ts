import { ProtocolError } from '../../protocol/errors.ts';
import type { ModerationEvent, SignedModerationEvent } from '../../protocol/moderation.ts';
import type { UpdateParticipantRequest } from '../../protocol/participant-update.ts';
import type { Participant, Room } from '../../protocol/rooms.ts';
import type { Api } from '../api/client.ts';
import { type ModerationAct, type UnsignedAct, unsignedAct } from './moderator-acts.ts';
import {
  actAgreed,
  actRefused,
  actTried,
  knockAnswered,
  knocksTold,
  moderationHeard,
} from './moderator-transitions.ts';
import type { StreamingStore } from './streaming-store.ts';

/** Orders, dates and signs an act of one's own, and tells the peers. */
export type SignAct = (act: UnsignedAct) => Promise<SignedModerationEvent | undefined>;

export interface ModeratorOptions {
  api: Pick<Api, 'updateParticipant' | 'moderate' | 'moderationLog'>;
  store: StreamingStore;
  /** Without it the node signs for us. */
  signAct?: SignAct | undefined;
  /** Told of the room's log when the node has told it. */
  learned?: (events: readonly SignedModerationEvent[]) => void;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** What the node told after an act. */
interface Outcome {
  participant?: Participant | undefined;
  event?: ModerationEvent | undefined;
}

/** Acts of moderation of the person in front of the screen: shown at once, then told. */
export class Moderator {
  readonly #options: ModeratorOptions;
  readonly #now: () => number;
  /** The node hears of acts in the order in which they were made. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: ModeratorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Rejects with the refusal, after everything is shown as it was. */
  async moderate(act: ModerationAct): Promise<void> {
    const { store } = this.#options;
    const room = this.#requireRoom();
    const userId = this.#whoIs(act.peerId);
    const id = Symbol(act.action);
    store.apply(actTried, { id, act, userId });
    const told = this.#tail.then(() => this.#tell(room.roomId, act, userId));
    this.#tail = told.catch(() => undefined);
    try {
      store.apply(actAgreed, id, await told);
    } catch (error) {
      store.apply(actRefused, id);
      throw error;
    }
  }

  /** Rejects with the refusal, after the knock is there again. */
  async answerKnock(peerId: string, action: 'approve' | 'deny'): Promise<void> {
    const { api, store } = this.#options;
    const { roomId } = this.#requireRoom();
    const before = store.state.knocks;
    store.apply(knockAnswered, peerId);
    const shown = store.state.knocks;
    try {
      await api.updateParticipant(roomId, peerId, { action });
    } catch (error) {
      // What the node has told meanwhile is nearer to the truth than what we knew before.
      if (store.state.knocks === shown) store.apply(knocksTold, before);
      throw error;
    }
  }

  /** Asks the node for what was done in this room before we came, or while we were away. */
  async catchUp(): Promise<void> {
    const { api, store, learned } = this.#options;
    const { roomId } = this.#requireRoom();
    const { events } = await api.moderationLog(roomId);
    if (store.state.room?.roomId !== roomId) return;
    store.apply(moderationHeard, events);
    learned?.(events);
  }

  async #tell(roomId: string, act: ModerationAct, userId: string): Promise<Outcome> {
    const { api, signAct } = this.#options;
    const unsigned = unsignedAct(act, { roomId, userId, nowMs: this.#now() });
    const event = await signAct?.(unsigned);
    if (act.action === 'ban' || act.action === 'unban') {
      return api.moderate(roomId, {
        action: act.action,
        targetPeerId: act.peerId,
        ...(act.action === 'ban' && act.durationS !== undefined && { duration: act.durationS }),
        ...(unsigned.reason !== undefined && { reason: unsigned.reason }),
        ...(event && { event }),
      });
    }
    const request = updateOf(act, unsigned);
    const updated = await api.updateParticipant(roomId, act.peerId, {
      ...request,
      ...(event && { event }),
    });
    return { participant: updated?.participant, event };
  }

  #whoIs(peerId: string): string {
    const { roster, moderation } = this.#options.store.state;
    const userId =
      roster[peerId]?.userId ??
      moderation.find(({ targetPeerId }) => targetPeerId === peerId)?.targetUserId;
    if (userId !== undefined) return userId;
    throw new ProtocolError('peer-not-found', 'They are not in the room any more.');
  }

  #requireRoom(): Room {
    const { room, phase } = this.#options.store.state;
    if (phase === 'inside' && room) return room;
    throw new ProtocolError('room-closed', 'You are not in a room any more.');
  }
}

function updateOf(
  act: Exclude<ModerationAct, { action: 'ban' | 'unban' }>,
  { reason, expiresAt }: UnsignedAct,
): UpdateParticipantRequest {
  const said = reason === undefined ? {} : { reason };
  switch (act.action) {
    case 'mute':
      return {
        action: 'mute',
        scope: act.scope,
        ...said,
        ...(expiresAt !== undefined && { expiresAt }),
      };
    case 'unmute':
      return { action: 'unmute', scope: act.scope };
    case 'remove':
      return { action: 'remove', ...said };
    case 'promote':
    case 'demote':
      return { action: act.action, role: act.role };
  }
}
