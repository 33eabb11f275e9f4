import { EventEmitter } from 'node:events';
import type { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import type { RoomEndedReason } from '../../protocol/messages.ts';
import type { Participant, Room } from '../../protocol/rooms.ts';
import type { Audience } from './access.ts';
import {
  type ParticipantRecord,
  participantView,
  type RoomRecord,
  roomView,
} from './room-record.ts';

export type EndedReason = z.infer<typeof RoomEndedReason>;

/** What the registry tells. Every change of a room or its people is an `updated`. */
export interface RoomEvents {
  updated: [roomId: string];
  ended: [room: Room, reason: EndedReason];
  joined: [roomId: string, participant: Participant];
  /** A participant is gone: by its own wish, or because nothing was heard of it. */
  left: [roomId: string, peerId: string, how: 'left' | 'removed'];
  /** The host asked for recording to be on or off. */
  recordingRequested: [roomId: string, enabled: boolean];
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

  /** Everywhere this member is now. */
  presencesOf(userId: string): { roomId: string; peerId: string }[] {
    return [...this.rooms.keys()].flatMap((roomId) => {
      const participant = this.participantOf(roomId, userId);
      return participant ? [{ roomId, peerId: participant.peerId }] : [];
    });
  }

  /** Who may see the room; `undefined` when there is none. */
  audienceOf(roomId: string): Audience | undefined {
    const record = this.rooms.get(roomId);
    if (!record) return undefined;
    return {
      visibility: record.visibility,
      hostUserId: record.host.userId,
      allowedUserIds: new Set(record.admitted.keys()),
    };
  }

  /** Everybody who was ever let in, the host included. */
  admittedUserIds(roomId: string): string[] {
    return [...(this.rooms.get(roomId)?.admitted.keys() ?? [])];
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
    throw new ProtocolError(
      'room-not-found',
      'There is no such room here. Check the link, or ask the host for a new one.',
    );
  }

  /** Throws `room-not-found`, `room-closed`. */
  protected openRecord(roomId: string): RoomRecord {
    const record = this.record(roomId);
    if (record.endedAt === undefined) return record;
    throw new ProtocolError('room-closed', 'This room has ended.');
  }
}
