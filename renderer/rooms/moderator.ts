import { ProtocolError } from '../../protocol/errors.ts';
import type { ModerationEvent, SignedModerationEvent } from '../../protocol/moderation.ts';
import type { UpdateParticipantRequest } from '../../protocol/participant-update.ts';
import type { Participant, Room } from '../../protocol/rooms.ts';
import { type Api, NodeUnreachable } from '../api/client.ts';
import { type ModerationAct, type UnsignedAct, unsignedAct } from './moderator-acts.ts';
import {
  actAgreed,
  actDelayed,
  actRefused,
  actTried,
  knockAnswered,
  knocksTold,
  moderationHeard,
} from './moderator-transitions.ts';
import { NodeReturn } from './node-return.ts';
import type { SignedAct } from './peer-moderation.ts';
import { type RetryPolicy, reconnectDelay } from './reconnect-delay.ts';
import type { StreamingStore } from './streaming-store.ts';

/** Orders, dates and signs an act of one's own, and tells the peers. */
export type SignAct = (act: UnsignedAct) => Promise<SignedAct | undefined>;

export interface ModeratorOptions {
  api: Pick<Api, 'updateParticipant' | 'moderate' | 'moderationLog'>;
  store: StreamingStore;
  /** Without it the node signs for us. */
  signAct?: SignAct | undefined;
  /** Told of the room's log when the node has told it. */
  learned?: (events: readonly SignedModerationEvent[]) => void;
  /** When to ask a node again that could not be reached. */
  retry?: RetryPolicy;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** An act on its way to the node. */
interface Errand {
  id: symbol;
  roomId: string;
  act: ModerationAct;
  unsigned: UnsignedAct;
  signed: SignedAct | undefined;
}

/** What the node told after an act. */
interface Outcome {
  participant?: Participant | undefined;
  event?: ModerationEvent | undefined;
}

/**
 * Acts of moderation of the person in front of the screen: shown and told to the peers at once, then
 * told to the node, however long it takes to reach it.
 */
export class Moderator {
  readonly #options: ModeratorOptions;
  readonly #now: () => number;
  readonly #return: NodeReturn;
  /** Acts are signed in the order in which they were made, … */
  #signing: Promise<unknown> = Promise.resolve();
  /** … and the node hears of them in that order. */
  #telling: Promise<unknown> = Promise.resolve();

  constructor(options: ModeratorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#return = new NodeReturn(options.retry ?? reconnectDelay);
  }

  /**
   * Resolves once the node has agreed. Where it can't be reached, the act stays, marked as
   * `delayed`, and is told when the node is back. Rejects with the node's refusal, after everything
   * is shown as it was.
   */
  async moderate(act: ModerationAct): Promise<void> {
    const { store } = this.#options;
    const room = this.#requireRoom();
    const userId = this.#whoIs(act.peerId);
    const id = Symbol(act.action);
    store.apply(actTried, { id, act, userId });
    const unsigned = unsignedAct(act, { roomId: room.roomId, userId, nowMs: this.#now() });
    const signed = this.#signing.then(() => this.#options.signAct?.(unsigned));
    this.#signing = signed.catch(() => undefined);
    const told = this.#telling.then(async () =>
      this.#deliver({ id, roomId: room.roomId, act, unsigned, signed: await signed }),
    );
    this.#telling = told.catch(() => undefined);
    try {
      // What can't be signed is taken back without waiting for the node.
      await signed;
      const outcome = await told;
      if (outcome) store.apply(actAgreed, id, outcome);
      else store.apply(actRefused, id);
    } catch (error) {
      store.apply(actRefused, id);
      throw error;
    }
  }

  /** The node is back, or the room was left: what waits for either goes on. */
  lookAgain(): void {
    this.#return.now();
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

  /** `undefined` where what the act decided was over before the node could be reached. */
  async #deliver(errand: Errand): Promise<Outcome | undefined> {
    const { store } = this.#options;
    const { id, roomId, unsigned, signed } = errand;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#tell(errand);
      } catch (error) {
        if (!(error instanceof NodeUnreachable) || !signed?.believed) throw error;
      }
      store.apply(actDelayed, id, signed.event);
      await this.#return.orSoon(attempt);
      const { room, phase } = store.state;
      if (phase !== 'inside' || room?.roomId !== roomId) throw leftBefore();
      if (unsigned.expiresAt && Date.parse(unsigned.expiresAt) <= this.#now()) return undefined;
    }
  }

  async #tell({ roomId, act, unsigned, signed }: Errand): Promise<Outcome> {
    const { api } = this.#options;
    const event = signed?.event;
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

function leftBefore(): ProtocolError {
  return new ProtocolError(
    'room-closed',
    'You left the room before its node could hear of your last act there. Whoever was connected to you follows it.',
  );
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
