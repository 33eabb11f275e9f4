import { nanoid } from 'nanoid';
import type {
  BroadcastState,
  MuteState,
  Participant,
  Role,
  Room,
  RoomContext,
  RoomRecordingState,
  Visibility,
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
  broadcast: BroadcastState;
  recording: RoomRecordingState;
  /** When `recording` last changed. */
  recordingSince: number;
  recordingId: string | undefined;
  /** When `recording` became `recording`, until it is over. */
  recordingStartedAt: number | undefined;
  recordingError: string | undefined;
  postId: string | undefined;
  /** By `peerId`. */
  readonly participants: Map<string, ParticipantRecord>;
  /** By `inviteId`. */
  readonly invites: Map<string, InviteRecord>;
  /** Everybody who was ever let in, and as what. */
  readonly admitted: Map<string, Role>;
  /** Since when nobody is there; `undefined` while somebody is. */
  emptySince: number | undefined;
  endedAt: number | undefined;
}

export interface ParticipantRecord {
  readonly peerId: string;
  readonly userId: string;
  readonly publicKey: string;
  handle: string;
  displayName: string;
  role: Role;
  muted: MuteState;
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
  readonly role: Exclude<Role, 'host'>;
  readonly expiresAt: number;
  revoked: boolean;
  /** Who came by it: at most one for a named invite. */
  readonly usedBy: Set<string>;
}

/** What a room is made from. */
export interface NewRoom {
  context: RoomContext;
  projectId?: string | undefined;
  title: string;
  visibility: Visibility;
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
    emptySince: now,
    endedAt: undefined,
  };
}

/** Somebody who has just come in, with everything on. */
export function newParticipantRecord(
  caller: Caller,
  { peerId, role, now }: { peerId: string; role: Role; now: number },
): ParticipantRecord {
  return {
    peerId,
    userId: caller.userId,
    publicKey: caller.publicKey,
    handle: caller.handle,
    displayName: caller.displayName,
    role,
    muted: { audio: false, video: false },
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
    state: stateOf(record),
    broadcast: record.broadcast,
    recording: record.recording,
    ...(record.recordingId !== undefined && { recordingId: record.recordingId }),
    ...(record.recordingStartedAt !== undefined && {
      recordingStartedAt: isoTime(record.recordingStartedAt),
    }),
    ...(record.recordingError !== undefined && { recordingError: record.recordingError }),
    ...(record.postId !== undefined && { postId: record.postId }),
    host: record.host,
    participantCount: record.participants.size,
    capacity: record.capacity,
    createdAt: isoTime(record.createdAt),
    ...(record.endedAt !== undefined && { endedAt: isoTime(record.endedAt) }),
  };
}

export function participantView(record: ParticipantRecord): Participant {
  return {
    peerId: record.peerId,
    userId: record.userId,
    handle: record.handle,
    displayName: record.displayName,
    role: record.role,
    connection: 'direct',
    muted: { ...record.muted },
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
