import { ProtocolError } from '../../protocol/errors.ts';
import type { RecordingTrouble } from '../../protocol/recording-trouble.ts';
import { ROOM_LIMITS, type Room, type RoomRecordingState } from '../../protocol/rooms.ts';
import type { Clock } from '../clock.ts';
import { type Caller, isInside } from './access.ts';
import { type EndedReason, type RoomAccess, RoomDirectory } from './room-directory.ts';
import { RoomInvites } from './room-invites.ts';
import { RoomKnocks } from './room-knocks.ts';
import {
  endsWhenEmpty,
  REOPEN_WINDOW_MS,
  recordingRequested,
  recordingTimedOut,
} from './room-lifecycle.ts';
import { RoomModeration } from './room-moderation.ts';
import { RoomPeople } from './room-people.ts';
import { RoomPersistence, restoreRoom } from './room-persistence.ts';
import {
  type NewRoom,
  newRoomRecord,
  type RelayUse,
  type RoomRecord,
  roomView,
} from './room-record.ts';
import type { RoomStore } from './room-store.ts';

export interface RoomRegistryOptions {
  clock: Clock;
  /** Most participants a room takes. */
  capacity?: number;
  /** The projects that rooms may belong to; without it all are public. */
  projects?: RoomProjects;
  /** Where rooms are kept over a restart; without it they live as long as the process. */
  store?: RoomStore;
  /** Throws `store-unavailable` where what is decided now could not be kept. */
  requireStore?: () => void;
}

/** What rooms have to know of the projects they belong to. */
export interface RoomProjects {
  /** Who alone may learn anything of a private one; `undefined` for one that is public. */
  insidersOf(projectId: string): ReadonlySet<string> | undefined;
  on(event: 'closed', listener: (projectId: string) => void): unknown;
}

/** Rooms of this node, who is in them and who may enter. Emits {@link RoomEvents}. */
export class RoomRegistry extends RoomDirectory {
  readonly invites: RoomInvites;
  readonly knocks: RoomKnocks;
  readonly moderation: RoomModeration;
  readonly people: RoomPeople;
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #projects: RoomProjects | undefined;
  readonly #persistence: RoomPersistence | undefined;
  readonly #requireStore: () => void;

  constructor(options: RoomRegistryOptions) {
    super();
    // One listener for each part of the node that cares, not a leak.
    this.setMaxListeners(32);
    this.#clock = options.clock;
    this.#capacity = options.capacity ?? ROOM_LIMITS.capacity;
    this.#projects = options.projects;
    this.#requireStore = options.requireStore ?? (() => undefined);
    this.#projects?.on('closed', (projectId) => this.#takeOutsidersOut(projectId));
    const access: RoomAccess = {
      record: (roomId) => this.record(roomId),
      openRecord: (roomId) => this.openRecord(roomId),
      participant: (roomId, peerId) => this.participant(roomId, peerId),
      participantOf: (roomId, userId) => this.participantOf(roomId, userId),
      takeOut: (record, peerId, how) => this.people.takeOut(record, peerId, how),
      emit: (event, ...args) => this.emit(event, ...args),
      requireStore: () => this.#requireStore(),
      now: () => this.#clock(),
    };
    this.invites = new RoomInvites(access);
    this.knocks = new RoomKnocks(access);
    this.moderation = new RoomModeration(access);
    this.people = new RoomPeople(access, this);
    this.#persistence = options.store && new RoomPersistence(options.store, access);
    this.on('moderated', (roomId, { action, targetUserId, reason }) => {
      if (action === 'ban') this.knocks.turnAway(roomId, targetUserId, reason);
    });
    this.#restore();
  }

  // ---- rooms

  create(host: Caller, request: NewRoom): Room {
    this.#requireStore();
    const record = newRoomRecord(host, request, { now: this.#clock(), capacity: this.#capacity });
    this.rooms.set(record.roomId, record);
    this.#persistence?.changed(record);
    return roomView(record);
  }

  /**
   * Opens an ended room of the caller's again; an open one is answered as it is. Its bans and its
   * moderation log are still there. Throws `room-not-found`, `forbidden`.
   */
  reopen(roomId: string, caller: Caller, request: NewRoom): Room {
    const record = this.record(roomId);
    if (record.host.userId !== caller.userId) {
      throw new ProtocolError('forbidden', 'Only the host can open this room again.');
    }
    if (record.endedAt === undefined) return roomView(record);
    this.#requireStore();
    Object.assign(record, {
      context: request.context,
      projectId: request.projectId,
      title: request.title,
      visibility: request.visibility,
      private: request.private ?? false,
      broadcast: 'backstage',
      postId: undefined,
      endedAt: undefined,
      emptySince: this.#clock(),
      relayedBy: undefined,
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
    record.knocks.clear();
  }

  /** Tells the room how much of the relay it may still use. Throws `room-not-found`. */
  setRelay(roomId: string, { state, cap }: RelayUse): void {
    this.record(roomId).relay = { state, cap };
    this.emit('updated', roomId);
  }

  /**
   * Media goes over a relay from now on, or from peer to peer. Throws `room-not-found`, and
   * `room-full` where a mesh can't carry so many.
   *
   * @param relayedBy what the nodes call themselves that relay
   */
  setTopology(roomId: string, relayedBy: string | undefined): void {
    const record = this.record(roomId);
    if (record.relayedBy === relayedBy) return;
    if (relayedBy === undefined && record.participants.size > record.capacity) {
      throw new ProtocolError(
        'room-full',
        `A mesh carries ${record.capacity} people, and ${record.participants.size} are here. Go back when some have left.`,
      );
    }
    record.relayedBy = relayedBy;
    this.emit('updated', roomId);
  }

  setBroadcast(roomId: string, postId: string): Room {
    this.#requireStore();
    const record = this.openRecord(roomId);
    if (record.broadcast !== 'broadcast' || record.postId !== postId) {
      record.broadcast = 'broadcast';
      record.postId = postId;
      this.emit('updated', roomId);
    }
    return roomView(record);
  }

  // ---- among several nodes

  /** A room that another node had is this one's from now on. */
  adopt(record: RoomRecord): void {
    restoreRoom(record, this.#clock());
    this.rooms.set(record.roomId, record);
    this.moderation.refreshMutes(record);
    this.emit('adopted', record.roomId);
    this.emit('updated', record.roomId);
  }

  /** Another node has the room: it is not this one's any more, and nobody is told that it ended. */
  release(roomId: string): void {
    if (this.rooms.delete(roomId)) this.emit('released', roomId);
  }

  /** After a time in which nobody could be heard everybody has the usual time from now on. */
  hearEverybody(): void {
    const now = this.#clock();
    for (const { participants } of this.rooms.values()) {
      for (const participant of participants.values()) participant.lastHeardAt = now;
    }
  }

  /** The store has lost the room. */
  keepAnew(roomId: string): void {
    const record = this.rooms.get(roomId);
    if (record) this.#persistence?.keepAnew(record);
  }

  /** Keeps what has changed, now: before the store closes. */
  flush(): void {
    this.#persistence?.flush();
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

  /** Whether the chat is kept with the room's recordings from now on. */
  setKeepsChat(roomId: string, keepsChat: boolean): void {
    this.openRecord(roomId).keepsChat = keepsChat;
    this.emit('updated', roomId);
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
    if (state !== 'recording') forgetInterruptions(record);
    this.emit('updated', roomId);
  }

  /** The host paused the room's recording or lets it go on. */
  setRecordingPaused(roomId: string, paused: boolean): void {
    const record = this.rooms.get(roomId);
    if (!record || paused === (record.recordingPausedAt !== undefined)) return;
    const now = this.#clock();
    if (record.recordingPausedAt !== undefined) {
      record.recordingPausedMs =
        (record.recordingPausedMs ?? 0) + Math.max(0, now - record.recordingPausedAt);
    }
    record.recordingPausedAt = paused ? now : undefined;
    this.emit('updated', roomId);
  }

  /** What is amiss with the room's recording; `undefined` when nothing is any more. */
  setRecordingTrouble(roomId: string, trouble: RecordingTrouble | undefined): void {
    const record = this.rooms.get(roomId);
    if (!record) return;
    record.recordingTrouble = trouble;
    this.emit('updated', roomId);
  }

  // ---- people

  /** Throws `room-not-found`, and `banned` with until when and why. */
  requireNotBanned(roomId: string, userId: string): void {
    this.moderation.requireNotBanned(this.record(roomId), userId);
  }

  isBanned(roomId: string, userId: string): boolean {
    return this.moderation.of(this.record(roomId), userId).ban !== undefined;
  }

  protected override insidersOf(projectId: string): ReadonlySet<string> | undefined {
    return this.#projects?.insidersOf(projectId);
  }

  /** Somebody is outside of a project now: they leave what of it is closed to them. */
  #takeOutsidersOut(projectId: string): void {
    for (const record of this.rooms.values()) {
      const audience = this.audienceOf(record.roomId);
      if (record.projectId !== projectId || !audience || record.endedAt !== undefined) continue;
      for (const participant of [...record.participants.values()]) {
        if (!isInside(audience, participant)) {
          this.people.takeOut(record, participant.peerId, 'removed');
        }
      }
    }
  }

  bannedUserIds(roomId: string): string[] {
    return this.moderation.banned(this.record(roomId));
  }

  /** Whoever waits to be let in somewhere, and can't be told any more, waits no longer. */
  endKnocksOf(userId: string): void {
    this.knocks.end(userId, this.rooms.values());
  }

  // ---- time

  /**
   * Applies the room's timers: silence, emptiness, mutes, bans and knocks that run out,
   * unconfirmed recordings, forgotten rooms.
   */
  sweep(now: number): void {
    for (const record of [...this.rooms.values()]) {
      this.#sweepRecording(record, now);
      if (record.endedAt === undefined) {
        this.moderation.sweep(record, now);
        this.knocks.sweep(record, now);
        this.people.sweep(record, now);
        if (endsWhenEmpty(record.emptySince, now)) this.end(record.roomId, 'empty');
      } else if (now - record.endedAt >= REOPEN_WINDOW_MS) {
        this.rooms.delete(record.roomId);
        this.#persistence?.forget(record);
      }
    }
    // Tries again what could not be saved.
    this.#persistence?.flush();
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

  /** Takes up the rooms that were kept, and keeps every change from now on. */
  #restore(): void {
    const persistence = this.#persistence;
    if (!persistence) return;
    for (const record of persistence.load(this.#clock())) {
      this.rooms.set(record.roomId, record);
      this.moderation.refreshMutes(record);
    }
    const changed = (roomId: string) => {
      const record = this.rooms.get(roomId);
      if (record) persistence.changed(record);
    };
    this.on('updated', changed);
    // What a moderator decided is on disk before they hear that it is done.
    const decided = (roomId: string) => {
      changed(roomId);
      persistence.flush();
    };
    this.on('moderated', decided);
    this.on('invitesChanged', decided);
    this.on('ended', ({ roomId }) => changed(roomId));
  }
}

function forgetInterruptions(record: RoomRecord): void {
  record.recordingPausedAt = undefined;
  record.recordingPausedMs = 0;
  record.recordingTrouble = undefined;
}
