import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import type {
  ModerationEvent,
  ModerationRequest,
  SignedModerationEvent,
} from '../../protocol/moderation.ts';
import { moderationText } from '../../protocol/moderation-text.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import type { Caller } from './access.ts';
import { type ModerationDraft, requireAgreement, requireGenuine } from './moderation-evidence.ts';
import { type ModerationAct, wrongDirection } from './moderation-rights.ts';
import { requireRight, requireRoomModerator } from './require-right.ts';
import type { RoomRegistry } from './room-registry.ts';

/** What a moderator asks for, before it is known whom it concerns. */
export type ModerationAsk = Omit<ModerationDraft, 'targetUserId'>;

/**
 * Acts of moderation, with their checks: who may do what to whom, and whether a signed event is
 * genuine. What they come to is the registry's. All throw `ProtocolError`s.
 */
export class ModerationActions {
  readonly #registry: RoomRegistry;
  readonly #tokens: TokenIssuer;
  readonly #clock: Clock;

  constructor(options: { registry: RoomRegistry; tokens: TokenIssuer; clock: Clock }) {
    this.#registry = options.registry;
    this.#tokens = options.tokens;
    this.#clock = options.clock;
  }

  /** The room's log in the order that decides, for moderators. */
  log(caller: Caller, roomId: string): SignedModerationEvent[] {
    requireRoomModerator(this.#registry, caller, roomId);
    return this.#registry.moderation.log(roomId);
  }

  /** Bans or unbans, also somebody who has gone. */
  moderate(
    caller: Caller,
    roomId: string,
    { event, duration, ...request }: ModerationRequest,
  ): Promise<SignedModerationEvent> {
    if (request.action === 'unban' && duration !== undefined) {
      throw new ProtocolError('validation-failed', 'Lifting a ban takes no duration.', [
        { path: 'duration', message: 'goes with "ban"' },
      ]);
    }
    requireRoomModerator(this.#registry, caller, roomId);
    return this.act(caller, roomId, { ...request, durationSeconds: duration }, event);
  }

  /**
   * Does what is asked for and keeps its event: the one that the moderator signed, or one that this
   * node makes and signs. An event that is known already is answered, and makes no difference.
   */
  async act(
    caller: Caller,
    roomId: string,
    ask: ModerationAsk,
    signed: SignedModerationEvent | undefined,
  ): Promise<SignedModerationEvent> {
    const known = signed && this.#registry.moderation.find(roomId, signed.eventId);
    if (known) return this.#sameEvent(caller, known, signed);
    const draft = { ...ask, targetUserId: this.#targetOf(roomId, ask, signed) };
    const role = this.#requireMayAct(caller, roomId, draft);
    if (!signed) return this.#keep(roomId, this.#signedByNode(caller, role, roomId, draft));
    requireAgreement(signed, draft);
    const actor = { userId: caller.userId, role };
    const nowMs = this.#clock();
    await requireGenuine(signed, { tokens: this.#tokens, roomId, actor, nowMs });
    // The room went on while the ticket was checked.
    this.#requireMayAct(caller, roomId, draft);
    return this.#keep(roomId, signed);
  }

  #keep(roomId: string, event: SignedModerationEvent): SignedModerationEvent {
    this.#registry.moderation.apply(roomId, event);
    return event;
  }

  #sameEvent(
    caller: Caller,
    known: SignedModerationEvent,
    given: SignedModerationEvent,
  ): SignedModerationEvent {
    requireRoomModerator(this.#registry, caller, known.roomId);
    if (known.signature === given.signature) return known;
    throw new ProtocolError('event-invalid', 'Another event has this id. Act again.');
  }

  #requireMayAct(caller: Caller, roomId: string, draft: ModerationDraft): 'host' | 'cohost' {
    requireRight(this.#registry, caller, roomId, actOf(draft), draft.targetUserId);
    if (this.#registry.require(roomId).state === 'ended') {
      throw new ProtocolError('room-closed', 'This room has ended.');
    }
    const from = this.#registry.roleOf(roomId, draft.targetUserId);
    const { action, role } = draft;
    if (role && from && (action === 'promote' || action === 'demote')) {
      const wrong = wrongDirection(from, { action, role });
      if (wrong) {
        throw new ProtocolError('validation-failed', wrong, [
          { path: 'role', message: 'goes the other way' },
        ]);
      }
    }
    if (draft.expiresAt !== undefined && Date.parse(draft.expiresAt) <= this.#clock()) {
      throw new ProtocolError('validation-failed', 'The end must lie in the future.', [
        { path: 'expiresAt', message: 'must lie in the future' },
      ]);
    }
    return requireRoomModerator(this.#registry, caller, roomId);
  }

  /**
   * Whom a peer id means: somebody who is there or waits to be let in; for a ban or its end also
   * somebody who has gone, whom the log or the moderator's own event still knows.
   */
  #targetOf(
    roomId: string,
    { action, targetPeerId }: ModerationAsk,
    signed: SignedModerationEvent | undefined,
  ): string {
    const present = this.#registry.participant(roomId, targetPeerId);
    if (present) return present.userId;
    if (action === 'ban' || action === 'unban') {
      const former =
        this.#registry.knocks.find(roomId, targetPeerId)?.userId ??
        this.#registry.moderation.targetOf(roomId, targetPeerId) ??
        (signed?.targetPeerId === targetPeerId ? signed.targetUserId : undefined);
      if (former) return former;
    }
    throw new ProtocolError('peer-not-found', 'This participant is not in the room any more.');
  }

  #signedByNode(
    caller: Caller,
    role: 'host' | 'cohost',
    roomId: string,
    { durationSeconds, ...draft }: ModerationDraft,
  ): SignedModerationEvent {
    const nowMs = this.#clock();
    const expiresAt =
      durationSeconds === undefined ? draft.expiresAt : isoTime(nowMs + durationSeconds * 1000);
    const event: ModerationEvent = {
      eventId: `mod_${nanoid(16)}`,
      roomId,
      lamport: this.#registry.moderation.nextLamport(roomId),
      at: isoTime(nowMs),
      action: draft.action,
      targetPeerId: draft.targetPeerId,
      targetUserId: draft.targetUserId,
      ...(draft.scope && { scope: draft.scope }),
      ...(draft.role && { role: draft.role }),
      ...(draft.reason && { reason: draft.reason }),
      ...(expiresAt !== undefined && { expiresAt }),
      actor: { userId: caller.userId, role },
    };
    return { ...event, ...this.#tokens.signText(moderationText(event)) };
  }
}

function actOf({ action, role }: ModerationDraft): ModerationAct {
  if (action !== 'promote' && action !== 'demote') return { action };
  // Both come with a role: the request's schema says so.
  return { action, role: role ?? 'listener' };
}
