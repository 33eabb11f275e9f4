import { ProtocolError } from '../../protocol/errors.ts';
import type { MuteState, Participant, Role } from '../../protocol/rooms.ts';
import type { Caller } from './access.ts';
import { admit } from './admission.ts';
import { newPeerId } from './peer-id.ts';
import type { LeftHow, RoomAccess } from './room-directory.ts';
import { inviteOf, shownInvite } from './room-invites.ts';
import type { RoomKnocks } from './room-knocks.ts';
import { presenceAfter } from './room-lifecycle.ts';
import type { RoomModeration } from './room-moderation.ts';
import {
  capacityOf,
  type InviteRecord,
  newParticipantRecord,
  type ParticipantRecord,
  participantView,
  type RoomRecord,
} from './room-record.ts';

/** Who is in the rooms of this node: coming, going, signs of life, and what they switched off. */
export class RoomPeople {
  readonly #rooms: RoomAccess;
  readonly #moderation: RoomModeration;
  readonly #knocks: RoomKnocks;

  constructor(rooms: RoomAccess, parts: { moderation: RoomModeration; knocks: RoomKnocks }) {
    this.#rooms = rooms;
    this.#moderation = parts.moderation;
    this.#knocks = parts.knocks;
  }

  /**
   * Lets the caller in, or answers the presence it already has.
   *
   * @param inviteId from a token whose signature was checked.
   * @param peerId from a mesh ticket of the caller's that was checked: whoever is still admitted
   *   gets this place back, without an invitation.
   * @param stewards of somebody who looks after the room's project: they come in as a cohost.
   * @throws `room-not-found`, `room-closed`, `room-full`, `banned`, `invite-*`.
   */
  join(
    roomId: string,
    caller: Caller,
    credentials: { inviteId?: string; peerId?: string; stewards?: boolean } = {},
  ): ParticipantRecord {
    const record = this.#rooms.openRecord(roomId);
    const present = this.#rooms.participantOf(roomId, caller.userId);
    if (present) return this.#welcomeBack(record, present, caller);
    this.#rooms.requireStore();
    const { userId } = caller;
    this.#moderation.requireNotBanned(record, userId);
    const formerRole = record.admitted.get(userId);
    const comesBack = formerRole !== undefined && credentials.peerId !== undefined;
    const isShown = credentials.inviteId !== undefined && !comesBack && formerRole !== 'host';
    const invite = isShown ? shownInvite(record, credentials.inviteId ?? '') : undefined;
    const role = this.#admit(record, caller, { invite, stewards: credentials.stewards });
    const capacity = capacityOf(record);
    if (record.participants.size >= capacity) {
      throw new ProtocolError(
        'room-full',
        `This room is full: it takes ${capacity} people, because everybody in it is connected to everybody. Try again when somebody has left.`,
      );
    }
    if (invite) {
      invite.usedBy.set(userId, caller.displayName);
      this.#rooms.emit('invitesChanged', roomId);
    }
    const approvedAs = this.#knocks.takePeerId(record, userId);
    this.#knocks.end(userId, [record]);
    const formerPeerId = comesBack ? credentials.peerId : undefined;
    return this.#enter(record, caller, {
      role,
      peerId: formerPeerId ?? approvedAs ?? newPeerId(this.#rooms.now()),
      inviteId: (invite ?? inviteOf(record, userId))?.inviteId,
    });
  }

  /** Whether the caller would get in without an invitation and without asking. */
  mayEnter(roomId: string, caller: Caller, { stewards }: { stewards: boolean }): boolean {
    if (this.#rooms.participantOf(roomId, caller.userId)) return true;
    try {
      this.#admit(this.#rooms.record(roomId), caller, { invite: undefined, stewards });
      return true;
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'invite-required') return false;
      throw error;
    }
  }

  /** Takes the caller out; does nothing when it is not in. Throws `room-not-found`. */
  leave(roomId: string, userId: string): void {
    const record = this.#rooms.record(roomId);
    const participant = this.#rooms.participantOf(roomId, userId);
    if (participant) this.takeOut(record, participant.peerId, 'left');
  }

  /**
   * Notes a sign of life, and how the peer's media travels where it says so. Does nothing for a
   * peer that is not there.
   */
  heard(roomId: string, peerId: string, connection?: Participant['connection']): void {
    const participant = this.#rooms.participant(roomId, peerId);
    if (!participant) return;
    participant.lastHeardAt = this.#rooms.now();
    const next = connection ?? participant.connection;
    if (participant.status !== 'suspect' && participant.connection === next) return;
    participant.status = 'active';
    participant.connection = next;
    this.#rooms.emit('updated', roomId);
  }

  /**
   * Switches one's own media off or on.
   * Throws `room-not-found`, `peer-not-found`, and `muted-by-moderator` for switching on what a
   * moderator muted.
   */
  setMuted(
    roomId: string,
    peerId: string,
    muted: Partial<MuteState>,
    deviceLost = false,
  ): Participant {
    const participant = this.#rooms.record(roomId).participants.get(peerId);
    if (!participant) {
      throw new ProtocolError('peer-not-found', 'This participant is not in the room any more.');
    }
    const { selfMuted, mutedByModerator } = participant;
    const isHeld = (kind: keyof MuteState) => muted[kind] === false && mutedByModerator[kind];
    if (isHeld('audio') || isHeld('video')) {
      throw new ProtocolError(
        'muted-by-moderator',
        'A moderator muted you. Only a moderator can lift that, or its time limit.',
      );
    }
    const next = { ...selfMuted, ...muted };
    const lost = participant.deviceLost ?? NOTHING;
    const nextLost = {
      audio: muted.audio === undefined ? lost.audio : muted.audio && deviceLost,
      video: muted.video === undefined ? lost.video : muted.video && deviceLost,
    };
    if (!isSame(next, selfMuted) || !isSame(nextLost, lost)) {
      participant.selfMuted = next;
      participant.deviceLost = nextLost;
      this.#rooms.emit('updated', roomId);
    }
    return participantView(participant);
  }

  /** Ends a presence. */
  takeOut(record: RoomRecord, peerId: string, how: LeftHow): void {
    record.participants.delete(peerId);
    if (record.participants.size === 0) record.emptySince = this.#rooms.now();
    this.#rooms.emit('left', record.roomId, peerId, how);
    this.#rooms.emit('updated', record.roomId);
  }

  /** Marks who has fallen silent, and ends presences that stay so. */
  sweep(record: RoomRecord, now: number): void {
    for (const participant of [...record.participants.values()]) {
      const presence = presenceAfter(now - participant.lastHeardAt);
      if (presence === 'removed') {
        this.takeOut(record, participant.peerId, 'removed');
      } else if (presence !== participant.status) {
        participant.status = presence;
        this.#rooms.emit('updated', record.roomId);
      }
    }
  }

  /** Throws as {@link admit} does. */
  #admit(
    record: RoomRecord,
    caller: Caller,
    shown: { invite: InviteRecord | undefined; stewards: boolean | undefined },
  ): Role {
    const { userId } = caller;
    const decided = this.#moderation.of(record, userId);
    return admit({
      visibility: record.visibility,
      hostUserId: record.host.userId,
      caller,
      invite: shown.invite,
      formerRole: record.admitted.get(userId) ?? (shown.stewards ? 'cohost' : undefined),
      decidedRole: decided.role,
      removed: decided.removal !== undefined,
      now: this.#rooms.now(),
    });
  }

  #enter(
    record: RoomRecord,
    caller: Caller,
    as: { role: Role; peerId: string; inviteId: string | undefined },
  ): ParticipantRecord {
    const participant = newParticipantRecord(caller, { ...as, now: this.#rooms.now() });
    participant.mutedByModerator = this.#moderation.mutesOf(record, caller.userId);
    record.participants.set(as.peerId, participant);
    record.admitted.set(caller.userId, as.role);
    record.emptySince = undefined;
    this.#rooms.emit('joined', record.roomId, participantView(participant));
    this.#rooms.emit('updated', record.roomId);
    return participant;
  }

  #welcomeBack(record: RoomRecord, present: ParticipantRecord, caller: Caller): ParticipantRecord {
    this.heard(record.roomId, present.peerId);
    if (present.handle !== caller.handle || present.displayName !== caller.displayName) {
      present.handle = caller.handle;
      present.displayName = caller.displayName;
      this.#rooms.emit('updated', record.roomId);
    }
    return present;
  }
}

const NOTHING: MuteState = { audio: false, video: false };

function isSame(a: MuteState, b: MuteState): boolean {
  return a.audio === b.audio && a.video === b.video;
}
