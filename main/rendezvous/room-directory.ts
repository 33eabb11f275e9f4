import { EventEmitter } from 'node:events';
import type { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import type { RoomEndedReason } from '../../protocol/messages.ts';
import type { MuteScope, SignedModerationEvent } from '../../protocol/moderation.ts';
import type { Participant, Role, Room } from '../../protocol/rooms.ts';
import type { Audience } from './access.ts';
import {
  type ParticipantRecord,
  participantView,
  type RoomRecord,
  roomView,
} from './room-record.ts';

export type EndedReason = z.infer<typeof RoomEndedReason>;

/** How a presence ends: by one's own wish, by silence or a moderator, or with one's invitation. */
export type LeftHow = 'left' | Extract<EndedReason, 'removed' | 'banned' | 'invite-revoked'>;

/** What the registry tells. Every change of a room or its people is an `updated`. */
export interface RoomEvents {
  updated: [roomId: string];
  ended: [room: Room, reason: EndedReason];
  joined: [roomId: string, participant: Participant];
  left: [roomId: string, peerId: string, how: LeftHow];
  /** A participant is something else from now on, and needs a ticket that says so. */
  roleChanged: [roomId: string, peerId: string];
  /** An event is in the log; what it comes to follows. */
  moderated: [roomId: string, event: SignedModerationEvent];
  /** A mute or a ban has run out. `scope`: what it still muted. */
  moderationExpired: [roomId: string, event: SignedModerationEvent, scope?: MuteScope];
  invitesChanged: [roomId: string];
  knocksChanged: [roomId: string];
  /** A knock was answered. */
  admission: [
    roomId: string,
    userId: string,
    status: 'approved' | 'denied',
    reason: string | undefined,
  ];
  /** This node owns a room from now on that another one had. */
  adopted: [roomId: string];
  /** Another node owns the room from now on: it goes on there. */
  released: [roomId: string];
  /** The room could not be kept as it is now. */
  storeFailed: [roomId: string, error: unknown];
  /** The host asked for recording to be on or off. */
  recordingRequested: [roomId: string, enabled: boolean];
}

/** What the parts of the registry (moderation, invites, knocks) may do to rooms. */
export interface RoomAccess {
  /** Throws `room-not-found`. */
  record(roomId: string): RoomRecord;
  /** Throws `room-not-found`, `room-closed`. */
  openRecord(roomId: string): RoomRecord;
  participant(roomId: string, peerId: string): ParticipantRecord | undefined;
  participantOf(roomId: string, userId: string): ParticipantRecord | undefined;
  /** Ends a presence. */
  takeOut(record: RoomRecord, peerId: string, how: LeftHow): void;
  emit: EventEmitter<RoomEvents>['emit'];
  /** Throws `store-unavailable` where what is decided now could not be kept. */
  requireStore(): void;
  now(): number;
}

/** The rooms of this node as the rest of it reads them. {@link RoomRegistry} changes them. */
export abstract class RoomDirectory extends EventEmitter<RoomEvents> {
  protected readonly rooms = new Map<string, RoomRecord>();

  get(roomId: string): Room | undefined {
    const record = this.rooms.get(roomId);
    return record && roomView(record);
  }

  /** Throws `room-not-found`. */
  require(roomId: string): Room {
    return roomView(this.record(roomId));
  }

  /** All rooms of this node, those among them that have ended. */
  roomIds(): string[] {
    return [...this.rooms.keys()];
  }

  /** Rooms that have not ended, newest first. */
  open(): Room[] {
    return [...this.rooms.values()]
      .filter((record) => record.endedAt === undefined)
      .map(roomView)
      .reverse();
  }

  /** Throws `room-not-found`. */
  participants(roomId: string): Participant[] {
    return [...this.record(roomId).participants.values()].map(participantView);
  }

  participant(roomId: string, peerId: string): ParticipantRecord | undefined {
    return this.rooms.get(roomId)?.participants.get(peerId);
  }

  /** This member's presence in the room. */
  participantOf(roomId: string, userId: string): ParticipantRecord | undefined {
    for (const participant of this.rooms.get(roomId)?.participants.values() ?? []) {
      if (participant.userId === userId) return participant;
    }
    return undefined;
  }

  /** What this member is in the room, present or not; `undefined` for somebody outside. */
  roleOf(roomId: string, userId: string): Role | undefined {
    return this.participantOf(roomId, userId)?.role ?? this.rooms.get(roomId)?.admitted.get(userId);
  }

  /** Everywhere this member is now. */
  presencesOf(userId: string): { roomId: string; peerId: string }[] {
    return [...this.rooms.keys()].flatMap((roomId) => {
      const participant = this.participantOf(roomId, userId);
      return participant ? [{ roomId, peerId: participant.peerId }] : [];
    });
  }

  /** Who alone may learn of a private project's rooms; `undefined` for a public one. */
  protected abstract insidersOf(projectId: string): ReadonlySet<string> | undefined;

  /** Who may see the room; `undefined` when there is none. */
  audienceOf(roomId: string): Audience | undefined {
    const record = this.rooms.get(roomId);
    if (!record) return undefined;
    return {
      visibility: record.visibility,
      hostUserId: record.host.userId,
      allowedUserIds: new Set(record.admitted.keys()),
      insiderUserIds:
        record.projectId === undefined ? undefined : this.insidersOf(record.projectId),
    };
  }

  /** Everybody who was ever let in, the host included. */
  admittedUserIds(roomId: string): string[] {
    return [...(this.rooms.get(roomId)?.admitted.keys() ?? [])];
  }

  /** Whether this member may come back as what it was. */
  isAdmitted(roomId: string, userId: string): boolean {
    return this.rooms.get(roomId)?.admitted.has(userId) ?? false;
  }

  counts(): { rooms: number; participants: number } {
    const open = [...this.rooms.values()].filter((record) => record.endedAt === undefined);
    return {
      rooms: open.length,
      participants: open.reduce((sum, record) => sum + record.participants.size, 0),
    };
  }

  /** Throws `room-not-found`. */
  protected record(roomId: string): RoomRecord {
    const record = this.rooms.get(roomId);
    if (record) return record;
    throw roomNotFound();
  }

  /** Throws `room-not-found`, `room-closed`. */
  protected openRecord(roomId: string): RoomRecord {
    const record = this.record(roomId);
    if (record.endedAt === undefined) return record;
    throw new ProtocolError('room-closed', 'This room has ended.');
  }
}

/** The refusal for a room that is not there, or that the caller must not learn of. */
export function roomNotFound(): ProtocolError {
  return new ProtocolError(
    'room-not-found',
    'There is no such room here. Check the link, or ask the host for a new one.',
  );
}
