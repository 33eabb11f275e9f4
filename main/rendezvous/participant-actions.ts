import { ProtocolError } from '../../protocol/errors.ts';
import type { SignedModerationEvent } from '../../protocol/moderation.ts';
import type { UpdateParticipantRequest } from '../../protocol/participant-update.ts';
import type { Knock, Participant } from '../../protocol/rooms.ts';
import type { Caller } from './access.ts';
import type { ModerationActions } from './moderation-actions.ts';
import { requireRight, requireRoomModerator } from './require-right.ts';
import { type ParticipantRecord, participantView } from './room-record.ts';
import type { RoomRegistry } from './room-registry.ts';

type RequestOf<A extends UpdateParticipantRequest['action']> = Extract<
  UpdateParticipantRequest,
  { action: A }
>;

export interface ParticipantUpdate {
  /** As it is now; absent when it is not there, or not yet. */
  participant?: Participant;
  /** The act as the log keeps it; absent where it was none of moderation. */
  event?: SignedModerationEvent;
}

/**
 * What `PATCH …/participants/{peerId}` does: to oneself, as a moderator to others, and to somebody
 * who waits to be let in. All throw `ProtocolError`s.
 */
export class ParticipantActions {
  readonly #registry: RoomRegistry;
  readonly #moderation: ModerationActions;

  constructor(options: { registry: RoomRegistry; moderation: ModerationActions }) {
    this.#registry = options.registry;
    this.#moderation = options.moderation;
  }

  async update(
    caller: Caller,
    roomId: string,
    peerId: string,
    request: UpdateParticipantRequest,
  ): Promise<ParticipantUpdate> {
    this.#registry.requireNotBanned(roomId, caller.userId);
    if (this.#registry.require(roomId).state === 'ended') {
      throw new ProtocolError('room-closed', 'This room has ended.');
    }
    if (this.#registry.roleOf(roomId, caller.userId) === undefined) {
      throw new ProtocolError('forbidden', 'Join the room first.');
    }
    if (request.action === 'approve' || request.action === 'deny') {
      return this.#answerKnock(caller, roomId, peerId, request);
    }
    const own = this.#registry.participantOf(roomId, caller.userId);
    if (own?.peerId === peerId && (request.action === 'mute' || request.action === 'unmute')) {
      return { participant: this.#muteOneself(roomId, own, request) };
    }
    if (request.action === 'mute' && request.deviceLost !== undefined) {
      throw new ProtocolError('validation-failed', 'Nobody else knows of a lost device.', [
        { path: 'deviceLost', message: 'is for muting oneself' },
      ]);
    }
    const { event: signed, ...ask } = request;
    const event = await this.#moderation.act(
      caller,
      roomId,
      { ...ask, targetPeerId: peerId },
      signed,
    );
    return { ...this.#present(roomId, peerId), event };
  }

  /** Who waits to be let in, for moderators. */
  knocks(caller: Caller, roomId: string): Knock[] {
    requireRoomModerator(this.#registry, caller, roomId);
    return this.#registry.knocks.list(roomId);
  }

  #muteOneself(
    roomId: string,
    own: ParticipantRecord,
    request: RequestOf<'mute' | 'unmute'>,
  ): Participant {
    const isTimed = 'expiresAt' in request && request.expiresAt !== undefined;
    if (isTimed || request.event) {
      const path = isTimed ? 'expiresAt' : 'event';
      throw new ProtocolError('validation-failed', 'Muting oneself is no act of moderation.', [
        { path, message: 'is for muting others' },
      ]);
    }
    const muted = request.action === 'mute';
    const change = {
      ...(request.scope !== 'video' && { audio: muted }),
      ...(request.scope !== 'audio' && { video: muted }),
    };
    const deviceLost = request.action === 'mute' && request.deviceLost === true;
    return this.#registry.people.setMuted(roomId, own.peerId, change, deviceLost);
  }

  #answerKnock(
    caller: Caller,
    roomId: string,
    peerId: string,
    request: RequestOf<'approve' | 'deny'>,
  ): ParticipantUpdate {
    if (request.action === 'deny') {
      requireRight(this.#registry, caller, roomId, { action: 'deny' });
      this.#registry.knocks.deny(roomId, peerId, request.reason);
      return {};
    }
    const role = request.role ?? 'speaker';
    requireRight(this.#registry, caller, roomId, { action: 'approve', role });
    const present = this.#present(roomId, peerId);
    if (!present.participant) this.#registry.knocks.approve(roomId, peerId, role);
    return present;
  }

  #present(roomId: string, peerId: string): { participant?: Participant } {
    const participant = this.#registry.participant(roomId, peerId);
    return participant ? { participant: participantView(participant) } : {};
  }
}
