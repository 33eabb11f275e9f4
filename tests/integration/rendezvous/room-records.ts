import fc from 'fast-check';
import type {
  InviteRecord,
  ParticipantRecord,
  RoomRecord,
} from '../../../main/rendezvous/room-record.ts';
import { ModerationAction, type SignedModerationEvent } from '../../../protocol/moderation.ts';
import {
  BroadcastState,
  Role,
  RoomContext,
  RoomRecordingState,
  Visibility,
} from '../../../protocol/rooms.ts';

const idChars = fc.constantFrom(
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-',
);
const chars = (length: number) =>
  fc.string({ unit: idChars, minLength: length, maxLength: length });
const id = (prefix: string, length: number) => chars(length).map((text) => `${prefix}_${text}`);
const timeMs = fc.integer({ min: 0, max: 4_102_444_800_000 });
const timestamp = timeMs.map((ms) => new Date(ms).toISOString());
/** As a schema leaves it: trimmed, any script. */
const words = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength })
    .map((text) => text.trim())
    .filter((text) => text.length > 0 && text.length <= maxLength);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const mute = fc.record({ audio: fc.boolean(), video: fc.boolean() });

export const roomIds = id('room', 16);
export const userIds = id('u', 22);

export const participants: fc.Arbitrary<ParticipantRecord> = fc.record({
  peerId: id('peer', 16),
  userId: userIds,
  publicKey: chars(43),
  handle: words(32),
  displayName: words(64),
  role: fc.constantFrom(...Role.options),
  selfMuted: mute,
  mutedByModerator: mute,
  guest: fc.boolean(),
  inviteId: maybe(id('inv', 16)),
  connection: fc.constantFrom('direct', 'turn'),
  status: fc.constantFrom('active', 'suspect'),
  joinedAt: timeMs,
  lastHeardAt: timeMs,
  ticketExpiresAt: timeMs,
});

const invites = (roomId: string): fc.Arbitrary<InviteRecord> =>
  fc.record({
    inviteId: id('inv', 16),
    roomId: fc.constant(roomId),
    handle: maybe(words(32)),
    label: maybe(words(60)),
    role: fc.constantFrom('cohost', 'speaker', 'listener'),
    singleUse: fc.boolean(),
    createdAt: timeMs,
    expiresAt: timeMs,
    revoked: fc.boolean(),
    usedBy: fc
      .array(fc.tuple(userIds, words(64)), { maxLength: 4 })
      .map((entries) => new Map(entries)),
  });

export const acts = (roomId: string): fc.Arbitrary<SignedModerationEvent> =>
  fc.record(
    {
      eventId: id('mod', 16),
      roomId: fc.constant(roomId),
      lamport: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      at: timestamp,
      action: fc.constantFrom(...ModerationAction.options),
      targetPeerId: id('peer', 16),
      targetUserId: userIds,
      scope: fc.constantFrom('audio' as const, 'video' as const, 'both' as const),
      role: fc.constantFrom('cohost' as const, 'speaker' as const, 'listener' as const),
      reason: words(200),
      expiresAt: timestamp,
      actor: fc.record({ userId: userIds, role: fc.constantFrom('host', 'cohost') }),
      ticket: chars(60),
      kid: chars(43),
      signature: chars(86),
    },
    {
      requiredKeys: [
        ...(['eventId', 'roomId', 'lamport', 'at', 'action'] as const),
        ...(['targetPeerId', 'targetUserId', 'actor', 'signature'] as const),
      ],
    },
  );

/** Rooms in every state that can be kept: nobody waits at the door of one that was. */
export const rooms: fc.Arbitrary<RoomRecord> = roomIds.chain((roomId) =>
  fc.record({
    roomId: fc.constant(roomId),
    host: fc.record({ userId: userIds, handle: words(32), displayName: words(64) }),
    createdAt: timeMs,
    capacity: fc.integer({ min: 1, max: 500 }),
    context: fc.constantFrom(...RoomContext.options),
    projectId: maybe(id('proj', 16)),
    title: words(120),
    visibility: fc.constantFrom(...Visibility.options),
    private: fc.boolean(),
    broadcast: fc.constantFrom(...BroadcastState.options),
    recording: fc.constantFrom(...RoomRecordingState.options),
    recordingSince: timeMs,
    recordingId: maybe(id('rec', 16)),
    recordingStartedAt: maybe(timeMs),
    recordingError: maybe(words(200)),
    postId: maybe(id('post', 16)),
    relayedBy: maybe(words(64)),
    participants: byId(participants, (participant) => participant.peerId, 12),
    invites: byId(invites(roomId), (invite) => invite.inviteId, 8),
    admitted: fc
      .array(fc.tuple(userIds, fc.constantFrom(...Role.options)), { maxLength: 12 })
      .map((entries) => new Map(entries)),
    knocks: fc.constant(new Map()),
    moderation: fc.uniqueArray(acts(roomId), {
      maxLength: 20,
      selector: (event) => event.eventId,
    }),
    emptySince: maybe(timeMs),
    endedAt: maybe(timeMs),
  }),
);

function byId<T>(things: fc.Arbitrary<T>, idOf: (thing: T) => string, maxLength: number) {
  return fc
    .array(things, { maxLength })
    .map((all) => new Map(all.map((thing) => [idOf(thing), thing])));
}

/** A room with its maps in their order, which is the roster's and the invite list's. */
export const inOrder = (record: RoomRecord | undefined) =>
  record && {
    ...record,
    participants: [...record.participants],
    invites: [...record.invites].map(([id, invite]) => [
      id,
      { ...invite, usedBy: [...invite.usedBy] },
    ]),
    admitted: [...record.admitted],
  };
