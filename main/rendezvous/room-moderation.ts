import { ProtocolError } from '../../protocol/errors.ts';
import { MAX_MODERATION_EVENTS, type SignedModerationEvent } from '../../protocol/moderation.ts';
import {
  compareEvents,
  lamportLimit,
  type MemberModeration,
  type ModerationState,
  reduceModeration,
} from '../../protocol/moderation-state.ts';
import type { MuteState } from '../../protocol/rooms.ts';
import type { RoomAccess } from './room-directory.ts';
import type { ParticipantRecord, RoomRecord } from './room-record.ts';

/** What the log of a room came to when it was last read. */
interface Reading {
  state: ModerationState;
  events: number;
  /** It holds from `fromMs` until the next mute or ban runs out. */
  fromMs: number;
  untilMs: number;
}

/** Up to when a room's log has been looked at for what ran out, and when something next does. */
interface Sweep {
  untilMs: number;
  nextMs: number;
  events: number;
}

/**
 * The moderation of this node's rooms. What holds is never kept by itself: it follows from each
 * room's log by `reduceModeration`, as it does on every peer.
 */
export class RoomModeration {
  readonly #rooms: RoomAccess;
  readonly #readings = new WeakMap<RoomRecord, Reading>();
  readonly #sweeps = new WeakMap<RoomRecord, Sweep>();

  constructor(rooms: RoomAccess) {
    this.#rooms = rooms;
  }

  /** In the order that decides. Throws `room-not-found`. */
  log(roomId: string): SignedModerationEvent[] {
    return [...this.#rooms.record(roomId).moderation].sort(compareEvents);
  }

  find(roomId: string, eventId: string): SignedModerationEvent | undefined {
    return this.#rooms.record(roomId).moderation.find((event) => event.eventId === eventId);
  }

  /** Whom an earlier event meant by this peer. */
  targetOf(roomId: string, peerId: string): string | undefined {
    return this.#rooms
      .record(roomId)
      .moderation.findLast(({ targetPeerId }) => targetPeerId === peerId)?.targetUserId;
  }

  /** The lamport time of the next event that this node makes. */
  nextLamport(roomId: string): number {
    return highestLamport(this.#rooms.record(roomId)) + 1;
  }

  /** What holds about a member now. */
  of(record: RoomRecord, userId: string): MemberModeration {
    return this.#read(record).get(userId) ?? {};
  }

  /** Who is banned now. */
  banned(record: RoomRecord): string[] {
    return [...this.#read(record)].flatMap(([userId, { ban }]) => (ban ? [userId] : []));
  }

  /** Throws `banned` with until when, and why. */
  requireNotBanned(record: RoomRecord, userId: string): void {
    const { ban } = this.of(record, userId);
    if (!ban) return;
    const until = ban.expiresAt
      ? `until ${new Date(ban.expiresAt).toUTCString()}`
      : 'for as long as it exists';
    const reason = ban.reason ? ` The reason given: “${ban.reason}”.` : '';
    throw new ProtocolError('banned', `You are banned from this room ${until}.${reason}`);
  }

  /** What moderators have muted of a member. */
  mutesOf(record: RoomRecord, userId: string): MuteState {
    const { audioMute, videoMute } = this.of(record, userId);
    return { audio: audioMute !== undefined, video: videoMute !== undefined };
  }

  /**
   * Takes a checked event into the log, and does what it comes to. An event that the log has makes
   * no difference. Throws `room-not-found`, `room-closed`, `event-invalid`, `rate-limited`.
   */
  apply(roomId: string, event: SignedModerationEvent): void {
    this.#rooms.requireStore();
    const record = this.#rooms.openRecord(roomId);
    if (record.moderation.some(({ eventId }) => eventId === event.eventId)) return;
    if (event.lamport > lamportLimit(event.at)) {
      throw new ProtocolError(
        'event-invalid',
        'The event’s lamport time runs ahead of its date. Read the log and act again.',
      );
    }
    if (record.moderation.length >= MAX_MODERATION_EVENTS) {
      throw new ProtocolError(
        'rate-limited',
        `This room’s moderation log is full (${MAX_MODERATION_EVENTS} events). Start a new room.`,
      );
    }
    if (!this.#sweeps.has(record)) this.#swept(record, this.#rooms.now());
    record.moderation.push(event);
    this.#rooms.emit('moderated', roomId, event);
    this.#enforce(record, event);
    this.#rooms.emit('updated', roomId);
  }

  /** Lifts what has run out by `now` and tells of each event once. */
  sweep(record: RoomRecord, now: number): void {
    const last = this.#sweeps.get(record) ?? this.#swept(record, now);
    if (last.events === record.moderation.length && now < last.nextMs) return;
    const due = record.moderation.filter(({ expiresAt }) => {
      const endsMs = expiresAt === undefined ? Number.NaN : Date.parse(expiresAt);
      return endsMs > last.untilMs && endsMs <= now;
    });
    this.#swept(record, now);
    for (const event of due) this.#expire(record, event);
    this.refreshMutes(record);
  }

  /** Brings what participants show in step with the log. */
  refreshMutes(record: RoomRecord): void {
    for (const participant of record.participants.values()) {
      const muted = this.mutesOf(record, participant.userId);
      const { audio, video } = participant.mutedByModerator;
      if (muted.audio === audio && muted.video === video) continue;
      participant.mutedByModerator = muted;
      this.#rooms.emit('updated', record.roomId);
    }
  }

  #swept(record: RoomRecord, untilMs: number): Sweep {
    const events = record.moderation.length;
    const sweep = { untilMs, nextMs: nextEnd(record.moderation, untilMs), events };
    this.#sweeps.set(record, sweep);
    return sweep;
  }

  #enforce(record: RoomRecord, event: SignedModerationEvent): void {
    const { targetUserId } = event;
    const present = this.#rooms.participantOf(record.roomId, targetUserId);
    const { ban, role } = this.of(record, targetUserId);
    this.refreshMutes(record);
    if (event.action === 'ban' && ban) {
      this.#revokeInvites(record, targetUserId, present);
      record.admitted.delete(targetUserId);
      if (present) this.#rooms.takeOut(record, present.peerId, 'banned');
    } else if (event.action === 'remove') {
      record.admitted.delete(targetUserId);
      if (present) this.#rooms.takeOut(record, present.peerId, 'removed');
    } else if (role && (event.action === 'promote' || event.action === 'demote')) {
      if (record.admitted.has(targetUserId)) record.admitted.set(targetUserId, role);
      if (!present || present.role === role) return;
      present.role = role;
      this.#rooms.emit('roleChanged', record.roomId, present.peerId);
    }
  }

  /**
   * The banned one's invitations are good for nobody any more. Others who came by the same link
   * stay: they have done nothing.
   */
  #revokeInvites(record: RoomRecord, userId: string, present: ParticipantRecord | undefined): void {
    for (const invite of record.invites.values()) {
      const named = present && !present.guest && invite.handle === present.handle;
      if (invite.revoked || !(named || invite.usedBy.has(userId))) continue;
      invite.revoked = true;
      this.#rooms.emit('invitesChanged', record.roomId);
    }
  }

  /** An event that a later one had overruled ends unnoticed. */
  #expire(record: RoomRecord, event: SignedModerationEvent): void {
    const endedMs = Date.parse(event.expiresAt ?? '');
    const before = reduceModeration(record.moderation, endedMs - 1).get(event.targetUserId);
    const isLast = (last: { eventId: string } | undefined) => last?.eventId === event.eventId;
    if (isLast(before?.ban)) this.#rooms.emit('moderationExpired', record.roomId, event);
    const audio = isLast(before?.audioMute);
    const video = isLast(before?.videoMute);
    if (!audio && !video) return;
    const scope = audio && video ? 'both' : audio ? 'audio' : 'video';
    this.#rooms.emit('moderationExpired', record.roomId, event, scope);
  }

  #read(record: RoomRecord): ModerationState {
    const nowMs = this.#rooms.now();
    const last = this.#readings.get(record);
    const isCurrent =
      last?.events === record.moderation.length && nowMs >= last.fromMs && nowMs < last.untilMs;
    if (isCurrent) return last.state;
    const state = reduceModeration(record.moderation, nowMs);
    this.#readings.set(record, {
      state,
      events: record.moderation.length,
      fromMs: nowMs,
      untilMs: nextEnd(record.moderation, nowMs),
    });
    return state;
  }
}

function highestLamport(record: RoomRecord): number {
  return record.moderation.reduce((highest, { lamport }) => Math.max(highest, lamport), 0);
}

function nextEnd(events: readonly SignedModerationEvent[], nowMs: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { expiresAt } of events) {
    const ends = expiresAt === undefined ? next : Date.parse(expiresAt);
    if (ends > nowMs && ends < next) next = ends;
  }
  return next;
}
