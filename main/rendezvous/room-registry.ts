import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import {
  type Invitee,
  type MuteState,
  type Participant,
  ROOM_LIMITS,
  type Role,
  type Room,
  type RoomRecordingState,
} from '../../protocol/rooms.ts';
import type { Clock } from '../clock.ts';
import type { Caller } from './access.ts';
import { admit, checkInvite } from './admission.ts';
import { type EndedReason, RoomDirectory } from './room-directory.ts';
import {
  endsWhenEmpty,
  presenceAfter,
  REOPEN_WINDOW_MS,
  recordingRequested,
  recordingTimedOut,
} from './room-lifecycle.ts';
import {
  type InviteRecord,
  type NewRoom,
  newParticipantRecord,
  newRoomRecord,
  type ParticipantRecord,
  participantView,
  type RoomRecord,
  roomView,
} from './room-record.ts';

/** Rooms of this node, who is in them and who may enter. Emits {@link RoomEvents}. */
export class RoomRegistry extends RoomDirectory {
  readonly #clock: Clock;
  readonly #capacity: number;

  constructor(options: { clock: Clock; capacity?: number }) {
    super();
    // One listener for each part of the node that cares, not a leak.
    this.setMaxListeners(32);
    this.#clock = options.clock;
    this.#capacity = options.capacity ?? ROOM_LIMITS.capacity;
  }

  // ---- rooms

  create(host: Caller, request: NewRoom): Room {
    const record = newRoomRecord(host, request, { now: this.#clock(), capacity: this.#capacity });
    this.rooms.set(record.roomId, record);
    return roomView(record);
  }

  /**
   * Opens an ended room of the caller's again; an open one is answered as it is.
   * Throws `room-not-found`, `forbidden`.
   */
  reopen(roomId: string, caller: Caller, request: NewRoom): Room {
    const record = this.record(roomId);
    if (record.host.userId !== caller.userId) {
      throw new ProtocolError('forbidden', 'Only the host can open this room again.');
    }
    if (record.endedAt === undefined) return roomView(record);
    Object.assign(record, {
      context: request.context,
      projectId: request.projectId,
      title: request.title,
      visibility: request.visibility,
      broadcast: 'backstage',
      postId: undefined,
      endedAt: undefined,
      emptySince: this.#clock(),
    } satisfies Partial<RoomRecord>);
    this.emit('updated', roomId);
    return roomView(record);
  }

  /** Ends the room now; does nothing when it has ended. Throws `room-not-found`. */
  end(roomId: string, reason: EndedReason): void {
    const record = this.record(roomId);
    if (record.endedAt !== undefined) return;
    const now = this.#clock();
    record.endedAt = now;
    record.participants.clear();
    record.emptySince = undefined;
    if (record.broadcast === 'broadcast') record.broadcast = 'ended';
    if (record.recording === 'starting' || record.recording === 'recording') {
      record.recording = record.recording === 'recording' ? 'stopping' : 'off';
      record.recordingSince = now;
    }
    this.emit('ended', roomView(record), reason);
  }

  setBroadcast(roomId: string, postId: string): Room {
    const record = this.openRecord(roomId);
    if (record.broadcast !== 'broadcast' || record.postId !== postId) {
      record.broadcast = 'broadcast';
      record.postId = postId;
      this.emit('updated', roomId);
    }
    return roomView(record);
  }

  // ---- recording

  /** The host turns recording on or off. Throws `room-closed`, `already-recording`. */
  requestRecording(roomId: string, enabled: boolean): Room {
    const record = this.openRecord(roomId);
    const next = recordingRequested(record.recording, enabled);
    if (next !== record.recording) {
      if (next === 'starting') record.recordingId = undefined;
      this.setRecording(roomId, next);
      this.emit('recordingRequested', roomId, enabled);
    }
    return roomView(record);
  }

  /** What the recording service says of this room's recording; also after the room has ended. */
  setRecording(
    roomId: string,
    state: RoomRecordingState,
    about: { recordingId?: string; error?: string } = {},
  ): void {
    const record = this.rooms.get(roomId);
    if (!record) return;
    const now = this.#clock();
    if (state === 'recording') record.recordingStartedAt ??= now;
    else if (state !== 'stopping') record.recordingStartedAt = undefined;
    record.recording = state;
    record.recordingSince = now;
    record.recordingId = about.recordingId ?? record.recordingId;
    record.recordingError = about.error;
    this.emit('updated', roomId);
  }

  // ---- invites

  /** Throws `room-not-found`, `room-closed`. */
  invite(roomId: string, invitee: Invitee): InviteRecord {
    const record = this.openRecord(roomId);
    const now = this.#clock();
    const lifetimeMs =
      invitee.expiresIn === undefined ? ROOM_LIMITS.inviteLifetimeMs : invitee.expiresIn * 1000;
    const invite: InviteRecord = {
      inviteId: `inv_${nanoid(16)}`,
      roomId,
      handle: invitee.handle,
      label: invitee.label,
      role: invitee.role,
      singleUse: invitee.handle !== undefined || invitee.singleUse === true,
      createdAt: now,
      // Whole seconds, as the token's `exp` has them.
      expiresAt: Math.floor((now + lifetimeMs) / 1000) * 1000,
      revoked: false,
      usedBy: new Map(),
    };
    record.invites.set(invite.inviteId, invite);
    return invite;
  }

  /**
   * Checks an invitation as joining with it would, and leaves it unused.
   * Throws `room-not-found`, `room-closed`, `invite-*`.
   *
   * @param inviteId from a token whose signature was checked.
   */
  requireInvite(roomId: string, inviteId: string, userId: string | undefined): void {
    const record = this.openRecord(roomId);
    if (userId === record.host.userId) return;
    const invite = this.#shownInvite(record, inviteId);
    if (invite) checkInvite(invite, userId, this.#clock());
  }

  // ---- people

  /**
   * Lets the caller in, or answers the presence it already has.
   *
   * @param inviteId from a token whose signature was checked.
   * @param ticket from a mesh ticket of the caller's that was checked: its place is given back.
   * @throws `room-not-found`, `room-closed`, `room-full`, `invite-*`.
   */
  join(
    roomId: string,
    caller: Caller,
    credentials: { inviteId?: string; ticket?: { peerId: string; role: Role } } = {},
  ): ParticipantRecord {
    const record = this.openRecord(roomId);
    const present = this.participantOf(roomId, caller.userId);
    if (present) return this.#welcomeBack(record, present, caller);
    const invite = this.#shownInvite(record, credentials.inviteId);
    const role =
      credentials.ticket?.role ??
      admit({
        visibility: record.visibility,
        hostUserId: record.host.userId,
        caller,
        invite,
        formerRole: record.admitted.get(caller.userId),
        now: this.#clock(),
      });
    if (record.participants.size >= record.capacity) {
      throw new ProtocolError(
        'room-full',
        `This room takes ${record.capacity} people and is full. Try again when somebody has left.`,
      );
    }
    invite?.usedBy.set(caller.userId, caller.displayName);
    return this.#enter(record, caller, {
      role,
      peerId: credentials.ticket?.peerId ?? `peer_${nanoid(16)}`,
      inviteId: invite?.inviteId,
    });
  }

  /** Takes the caller out; does nothing when it is not in. Throws `room-not-found`. */
  leave(roomId: string, userId: string): void {
    const record = this.record(roomId);
    const participant = this.participantOf(roomId, userId);
    if (participant) this.#takeOut(record, participant.peerId, 'left');
  }

  /** Notes a sign of life. Does nothing for a peer that is not there. */
  heard(roomId: string, peerId: string): void {
    const participant = this.participant(roomId, peerId);
    if (!participant) return;
    participant.lastHeardAt = this.#clock();
    if (participant.status === 'suspect') {
      participant.status = 'active';
      this.emit('updated', roomId);
    }
  }

  /** Throws `room-not-found`, `peer-not-found`. */
  setMuted(roomId: string, peerId: string, muted: Partial<MuteState>): Participant {
    const participant = this.record(roomId).participants.get(peerId);
    if (!participant) {
      throw new ProtocolError('peer-not-found', 'This participant is not in the room any more.');
    }
    const { selfMuted } = participant;
    const next = { ...selfMuted, ...muted };
    if (next.audio !== selfMuted.audio || next.video !== selfMuted.video) {
      participant.selfMuted = next;
      this.emit('updated', roomId);
    }
    return participantView(participant);
  }

  // ---- time

  /** Applies the room's timers: silence, emptiness, unconfirmed recordings, forgotten rooms. */
  sweep(now: number): void {
    for (const record of [...this.rooms.values()]) {
      this.#sweepRecording(record, now);
      if (record.endedAt === undefined) this.#sweepPeople(record, now);
      else if (now - record.endedAt >= REOPEN_WINDOW_MS) this.rooms.delete(record.roomId);
    }
  }

  #sweepPeople(record: RoomRecord, now: number): void {
    for (const participant of [...record.participants.values()]) {
      const presence = presenceAfter(now - participant.lastHeardAt);
      if (presence === 'removed') {
        this.#takeOut(record, participant.peerId, 'removed');
      } else if (presence !== participant.status) {
        participant.status = presence;
        this.emit('updated', record.roomId);
      }
    }
    if (endsWhenEmpty(record.emptySince, now)) this.end(record.roomId, 'empty');
  }

  #sweepRecording(record: RoomRecord, now: number): void {
    const outcome = recordingTimedOut(
      {
        state: record.recording,
        since: record.recordingSince,
        started: record.recordingId !== undefined,
      },
      now,
    );
    if (outcome) this.setRecording(record.roomId, outcome.state, outcome);
  }

  #enter(
    record: RoomRecord,
    caller: Caller,
    as: { role: Role; peerId: string; inviteId: string | undefined },
  ): ParticipantRecord {
    const participant = newParticipantRecord(caller, { ...as, now: this.#clock() });
    record.participants.set(as.peerId, participant);
    record.admitted.set(caller.userId, as.role);
    record.emptySince = undefined;
    this.emit('joined', record.roomId, participantView(participant));
    this.emit('updated', record.roomId);
    return participant;
  }

  #welcomeBack(record: RoomRecord, present: ParticipantRecord, caller: Caller): ParticipantRecord {
    this.heard(record.roomId, present.peerId);
    if (present.handle !== caller.handle || present.displayName !== caller.displayName) {
      present.handle = caller.handle;
      present.displayName = caller.displayName;
      this.emit('updated', record.roomId);
    }
    return present;
  }

  #takeOut(record: RoomRecord, peerId: string, how: 'left' | 'removed'): void {
    record.participants.delete(peerId);
    if (record.participants.size === 0) record.emptySince = this.#clock();
    this.emit('left', record.roomId, peerId, how);
    this.emit('updated', record.roomId);
  }

  #shownInvite(record: RoomRecord, inviteId: string | undefined): InviteRecord | undefined {
    if (inviteId === undefined) return undefined;
    const invite = record.invites.get(inviteId);
    if (invite) return invite;
    throw new ProtocolError(
      'invite-invalid',
      'This invitation is for another room. Open the link that belongs to it.',
    );
  }
}
