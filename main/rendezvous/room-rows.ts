import type { SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import { PublicKey } from '../../protocol/encoding.ts';
import { UserId } from '../../protocol/identity.ts';
import { SignedModerationEvent } from '../../protocol/moderation.ts';
import { ProjectId } from '../../protocol/projects.ts';
import {
  BroadcastState,
  Participant,
  PeerId,
  Role,
  RoomContext,
  RoomId,
  RoomRecordingState,
  Visibility,
} from '../../protocol/rooms.ts';
import type { InviteRecord, ParticipantRecord, RoomRecord } from './room-record.ts';

/** A table's row by column. */
export type Row = Record<string, SQLInputValue>;

const Flag = z.union([z.literal(0), z.literal(1)]).transform((flag) => flag === 1);
/** Ms since the epoch. */
const Time = z.int().nonnegative();
const orUndefined = <T extends z.ZodType>(schema: T) =>
  schema.nullable().transform((value) => value ?? undefined);

const RoomRow = z.object({
  room_id: RoomId,
  host_user_id: UserId,
  host_handle: z.string(),
  host_display_name: z.string(),
  created_at: Time,
  capacity: z.int().positive(),
  context: RoomContext,
  project_id: orUndefined(ProjectId),
  title: z.string(),
  visibility: Visibility,
  private: Flag,
  broadcast: BroadcastState,
  recording: RoomRecordingState,
  recording_since: Time,
  recording_id: orUndefined(z.string()),
  recording_started_at: orUndefined(Time),
  recording_error: orUndefined(z.string()),
  post_id: orUndefined(z.string()),
  empty_since: orUndefined(Time),
  ended_at: orUndefined(Time),
  /** Nodes of a cluster that are older do not write it. */
  relayed_by: z.string().nullish(),
});

const ParticipantRow = z.object({
  peer_id: PeerId,
  user_id: UserId,
  public_key: PublicKey,
  handle: z.string(),
  display_name: z.string(),
  role: Role,
  self_muted_audio: Flag,
  self_muted_video: Flag,
  moderator_muted_audio: Flag,
  moderator_muted_video: Flag,
  guest: Flag,
  invite_id: orUndefined(z.string()),
  connection: Participant.shape.connection,
  status: Participant.shape.status,
  joined_at: Time,
  last_heard_at: Time,
  ticket_expires_at: Time,
});

const InviteRow = z.object({
  invite_id: z.string(),
  room_id: RoomId,
  handle: orUndefined(z.string()),
  label: orUndefined(z.string()),
  role: Role.exclude(['host']),
  single_use: Flag,
  created_at: Time,
  expires_at: Time,
  revoked: Flag,
  used_by: z.string(),
});
const UsedBy = z.array(z.tuple([UserId, z.string()]));

const AdmittedRow = z.object({ user_id: UserId, role: Role });
const ModerationRow = z.object({ event: z.string() });

export function roomRow(record: RoomRecord): Row {
  return {
    room_id: record.roomId,
    host_user_id: record.host.userId,
    host_handle: record.host.handle,
    host_display_name: record.host.displayName,
    created_at: record.createdAt,
    capacity: record.capacity,
    context: record.context,
    project_id: record.projectId ?? null,
    title: record.title,
    visibility: record.visibility,
    private: Number(record.private),
    broadcast: record.broadcast,
    recording: record.recording,
    recording_since: record.recordingSince,
    recording_id: record.recordingId ?? null,
    recording_started_at: record.recordingStartedAt ?? null,
    recording_error: record.recordingError ?? null,
    post_id: record.postId ?? null,
    empty_since: record.emptySince ?? null,
    ended_at: record.endedAt ?? null,
    relayed_by: record.relayedBy ?? null,
  };
}

/** The room with nobody and nothing in it yet. Throws where the row can't be one. */
export function readRoom(raw: unknown): RoomRecord {
  const row = RoomRow.parse(raw);
  return {
    roomId: row.room_id,
    host: {
      userId: row.host_user_id,
      handle: row.host_handle,
      displayName: row.host_display_name,
    },
    createdAt: row.created_at,
    capacity: row.capacity,
    context: row.context,
    projectId: row.project_id,
    title: row.title,
    visibility: row.visibility,
    private: row.private,
    broadcast: row.broadcast,
    recording: row.recording,
    recordingSince: row.recording_since,
    recordingId: row.recording_id,
    recordingStartedAt: row.recording_started_at,
    recordingError: row.recording_error,
    postId: row.post_id,
    participants: new Map(),
    invites: new Map(),
    admitted: new Map(),
    knocks: new Map(),
    moderation: [],
    emptySince: row.empty_since,
    endedAt: row.ended_at,
    relayedBy: row.relayed_by ?? undefined,
  };
}

export function participantRow(roomId: string, participant: ParticipantRecord): Row {
  return {
    room_id: roomId,
    peer_id: participant.peerId,
    user_id: participant.userId,
    public_key: participant.publicKey,
    handle: participant.handle,
    display_name: participant.displayName,
    role: participant.role,
    self_muted_audio: Number(participant.selfMuted.audio),
    self_muted_video: Number(participant.selfMuted.video),
    moderator_muted_audio: Number(participant.mutedByModerator.audio),
    moderator_muted_video: Number(participant.mutedByModerator.video),
    guest: Number(participant.guest),
    invite_id: participant.inviteId ?? null,
    connection: participant.connection,
    status: participant.status,
    joined_at: participant.joinedAt,
    last_heard_at: participant.lastHeardAt,
    ticket_expires_at: participant.ticketExpiresAt,
  };
}

/** Throws where the row can't be one. */
export function readParticipant(raw: unknown): ParticipantRecord {
  const row = ParticipantRow.parse(raw);
  return {
    peerId: row.peer_id,
    userId: row.user_id,
    publicKey: row.public_key,
    handle: row.handle,
    displayName: row.display_name,
    role: row.role,
    selfMuted: { audio: row.self_muted_audio, video: row.self_muted_video },
    mutedByModerator: { audio: row.moderator_muted_audio, video: row.moderator_muted_video },
    guest: row.guest,
    inviteId: row.invite_id,
    connection: row.connection,
    status: row.status,
    joinedAt: row.joined_at,
    lastHeardAt: row.last_heard_at,
    ticketExpiresAt: row.ticket_expires_at,
  };
}

/** Without its token, which signing gives again. */
export function inviteRow(invite: InviteRecord): Row {
  return {
    room_id: invite.roomId,
    invite_id: invite.inviteId,
    handle: invite.handle ?? null,
    label: invite.label ?? null,
    role: invite.role,
    single_use: Number(invite.singleUse),
    created_at: invite.createdAt,
    expires_at: invite.expiresAt,
    revoked: Number(invite.revoked),
    used_by: JSON.stringify([...invite.usedBy]),
  };
}

/** Throws where the row can't be one. */
export function readInvite(raw: unknown): InviteRecord {
  const row = InviteRow.parse(raw);
  return {
    inviteId: row.invite_id,
    roomId: row.room_id,
    handle: row.handle,
    label: row.label,
    role: row.role,
    singleUse: row.single_use,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revoked: row.revoked,
    usedBy: new Map(UsedBy.parse(JSON.parse(row.used_by))),
  };
}

export function admittedRow(roomId: string, userId: string, role: Role): Row {
  return { room_id: roomId, user_id: userId, role };
}

/** Throws where the row can't be one. */
export function readAdmitted(raw: unknown): { userId: string; role: Role } {
  const row = AdmittedRow.parse(raw);
  return { userId: row.user_id, role: row.role };
}

/** The event whole, as its signature covers it. */
export function moderationRow(event: SignedModerationEvent): Row {
  return { room_id: event.roomId, event_id: event.eventId, event: JSON.stringify(event) };
}

/** Throws where the row can't be one. */
export function readModeration(raw: unknown): SignedModerationEvent {
  return SignedModerationEvent.parse(JSON.parse(ModerationRow.parse(raw).event));
}
