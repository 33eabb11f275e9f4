import { nanoid } from 'nanoid';
import type { SignedModerationEvent } from '../../protocol/moderation.ts';
import type { RecordingTrouble } from '../../protocol/recording-trouble.ts';
import {
  type BroadcastState,
  type MuteState,
  type Participant,
  type RelayState,
  ROOM_LIMITS,
  type Role,
  type Room,
  type RoomContext,
  type RoomRecordingState,
  type Visibility,
} from '../../protocol/rooms.ts';
import { isoTime } from '../clock.ts';
import type { Caller } from './access.ts';

/** What the node keeps of a room. Times are ms since the epoch. */
export interface RoomRecord {
  readonly roomId: string;
  readonly host: Room['host'];
  readonly createdAt: number;
  readonly capacity: number;
  context: RoomContext;
  projectId: string | undefined;
  title: string;
  visibility: Visibility;
  private: boolean;
  broadcast: BroadcastState;
  recording: RoomRecordingState;
  /** When `recording` last changed. */
  recordingSince: number;
  recordingId: string | undefined;
  /** When `recording` became `recording`, until it is over. */
  recordingStartedAt: number | undefined;
  recordingError: string | undefined;
  /** Since when it is paused, how long it was before, and what is amiss. Not kept over a restart. */
  recordingPausedAt?: number | undefined;
  recordingPausedMs?: number;
  recordingTrouble?: RecordingTrouble | undefined;
  /** The chat is kept with the recording. Not kept over a restart. */
  keepsChat?: boolean;
  postId: string | undefined;
  /** By `peerId`. */
  readonly participants: Map<string, ParticipantRecord>;
  /** By `inviteId`. */
  readonly invites: Map<string, InviteRecord>;
  /** Everybody who was ever let in, and as what. */
  readonly admitted: Map<string, Role>;
  /** Who waits for approval, by the `peerId` it would have. Not kept over a restart. */
  readonly knocks: Map<string, KnockRecord>;
  /** All moderation of this room, in the order the node learned of it; what holds follows from it. */
  readonly moderation: SignedModerationEvent[];
  /** Since when nobody is there; `undefined` while somebody is. */
  emptySince: number | undefined;
  endedAt: number | undefined;
  /** What the nodes call themselves that relay the room's media. */
  relayedBy?: string | undefined;
  /** How much of the relay the room may still use. Not kept over a restart. */
  relay?: RelayUse;
}

/** How much of a node's relay a room uses. */
export interface RelayUse {
  state: RelayState;
  /** Most people of the room who may be relayed. */
  cap: number;
}

export interface ParticipantRecord {
  readonly peerId: string;
  readonly userId: string;
  readonly publicKey: string;
  handle: string;
  displayName: string;
  role: Role;
  /** What the person switched off. */
  selfMuted: MuteState;
  /** What of that is off because its device is gone. Not kept over a restart. */
  deviceLost?: MuteState;
  /** What a moderator muted; follows from the room's moderation. */
  mutedByModerator: MuteState;
  readonly guest: boolean;
  /** The invite it came by; `undefined` for somebody who needed none. */
  readonly inviteId: string | undefined;
  connection: Participant['connection'];
  status: Participant['status'];
  readonly joinedAt: number;
  lastHeardAt: number;
  /** When the last mesh ticket handed to this peer runs out; 0 before the first. */
  ticketExpiresAt: number;
}

export interface InviteRecord {
  readonly inviteId: string;
  readonly roomId: string;
  /** Whom it names; `undefined` on an open link. */
  readonly handle: string | undefined;
  /** What its maker calls it. */
  readonly label: string | undefined;
  readonly role: Exclude<Role, 'host'>;
  /** Good for one person; always so where it names one. */
  readonly singleUse: boolean;
  readonly createdAt: number;
  readonly expiresAt: number;
  revoked: boolean;
  /** Who came by it: display names by `userId`. */
  readonly usedBy: Map<string, string>;
}

/** Somebody at the door. */
export interface KnockRecord {
  readonly peerId: string;
  readonly userId: string;
  readonly handle: string;
  readonly displayName: string;
  readonly guest: boolean;
  readonly requestedAt: number;
}

/** What a room is made from. */
export interface NewRoom {
  context: RoomContext;
  projectId?: string | undefined;
  title: string;
  visibility: Visibility;
  private?: boolean | undefined;
}

/** A room with nobody in it yet. */
export function newRoomRecord(
  host: Caller,
  request: NewRoom,
  { now, capacity }: { now: number; capacity: number },
): RoomRecord {
  return {
    roomId: `room_${nanoid(16)}`,
    host: { userId: host.userId, handle: host.handle, displayName: host.displayName },
    createdAt: now,
    capacity,
    context: request.context,
    projectId: request.projectId,
    title: request.title,
    visibility: request.visibility,
    private: request.private ?? false,
    broadcast: 'backstage',
    recording: 'off',
    recordingSince: now,
    recordingId: undefined,
    recordingStartedAt: undefined,
    recordingError: undefined,
    postId: undefined,
    participants: new Map(),
    invites: new Map(),
    admitted: new Map([[host.userId, 'host']]),
    knocks: new Map(),
    moderation: [],
    emptySince: now,
    endedAt: undefined,
  };
}

/** Somebody who has just come in, with everything on. */
export function newParticipantRecord(
  caller: Caller,
  {
    peerId,
    role,
    inviteId,
    now,
  }: { peerId: string; role: Role; inviteId: string | undefined; now: number },
): ParticipantRecord {
  return {
    peerId,
    userId: caller.userId,
    publicKey: caller.publicKey,
    handle: caller.handle,
    displayName: caller.displayName,
    role,
    selfMuted: { audio: false, video: false },
    mutedByModerator: { audio: false, video: false },
    guest: caller.guest,
    inviteId,
    connection: 'direct',
    status: 'active',
    joinedAt: now,
    lastHeardAt: now,
    ticketExpiresAt: 0,
  };
}

/** The room as everybody in it sees it. */
export function roomView(record: RoomRecord): Room {
  return {
    roomId: record.roomId,
    context: record.context,
    ...(record.projectId !== undefined && { projectId: record.projectId }),
    title: record.title,
    visibility: record.visibility,
    private: record.private,
    state: stateOf(record),
    broadcast: record.broadcast,
    recording: record.recording,
    ...(record.recordingId !== undefined && { recordingId: record.recordingId }),
    ...(record.recordingStartedAt !== undefined && {
      recordingStartedAt: isoTime(record.recordingStartedAt),
    }),
    ...(record.recordingPausedAt !== undefined && {
      recordingPausedAt: isoTime(record.recordingPausedAt),
    }),
    ...(record.recordingPausedMs && { recordingPausedMs: record.recordingPausedMs }),
    ...(record.recordingTrouble && { recordingTrouble: record.recordingTrouble }),
    ...(record.recordingError !== undefined && { recordingError: record.recordingError }),
    ...(record.keepsChat && { keepsChat: true }),
    ...(record.postId !== undefined && { postId: record.postId }),
    host: record.host,
    participantCount: record.participants.size,
    capacity: capacityOf(record),
    ...(record.relayedBy !== undefined && {
      topology: 'relay' as const,
      relayedBy: record.relayedBy,
    }),
    ...relayView(record.relay),
    createdAt: isoTime(record.createdAt),
    ...(record.endedAt !== undefined && { endedAt: isoTime(record.endedAt) }),
  };
}

/** How many people a room takes now. */
export function capacityOf({ capacity, relayedBy }: RoomRecord): number {
  return relayedBy === undefined ? capacity : Math.max(capacity, ROOM_LIMITS.relayedCapacity);
}

function relayView(use: RelayUse | undefined): Pick<Room, 'relay' | 'relayCap'> {
  return use && use.state !== 'available' ? { relay: use.state, relayCap: use.cap } : {};
}

export function participantView(record: ParticipantRecord): Participant {
  return {
    peerId: record.peerId,
    userId: record.userId,
    handle: record.handle,
    displayName: record.displayName,
    role: record.role,
    connection: record.connection,
    muted: {
      audio: record.selfMuted.audio || record.mutedByModerator.audio,
      video: record.selfMuted.video || record.mutedByModerator.video,
    },
    mutedByModerator: { ...record.mutedByModerator },
    ...((record.deviceLost?.audio || record.deviceLost?.video) && {
      deviceLost: { ...record.deviceLost },
    }),
    guest: record.guest,
    status: record.status,
    joinedAt: isoTime(record.joinedAt),
    lastHeartbeatAt: isoTime(record.lastHeardAt),
  };
}

/** `idle` while nobody is there, `live` while somebody is. */
function stateOf(record: RoomRecord): Room['state'] {
  if (record.endedAt !== undefined) return 'ended';
  return record.participants.size > 0 ? 'live' : 'idle';
}
