import { EventEmitter } from 'node:events';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import type { FeedPage, Post, StreamPost, UpdatePostRequest } from '../../protocol/posts.ts';
import { type Clock, isoTime } from '../clock.ts';
import { migrate } from '../storage/database.ts';
import { decodeCursor, encodeCursor } from './feed-cursor.ts';
import { FEED_STEPS, type PostRow, postOf } from './post-rows.ts';
import {
  type NewPost,
  type PostAuthor,
  postForRecording,
  type RecordedRoom,
  type RecordingOnPost,
  type StreamToPublish,
} from './stream-posts.ts';
import { VISIBLE_TO, type Viewer, viewerParameters } from './viewer.ts';

/** A page request: `limit` posts after `cursor`. */
export interface PageQuery {
  cursor?: string | undefined;
  limit: number;
}

/** Columns that change after a post was written. */
type Changes = Record<string, SQLInputValue>;

/** The posts of this node, newest first. Tells every change. */
export class Feed extends EventEmitter<{
  created: [Post];
  updated: [Post];
  deleted: [postId: string];
}> {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;

  constructor(options: { db: DatabaseSync; clock: Clock }) {
    super();
    this.#db = options.db;
    this.#clock = options.clock;
    migrate(this.#db, 'feed', FEED_STEPS);
  }

  // ---- writing

  createText(post: Omit<NewPost, 'kind' | 'stream'>): Post {
    return this.#insert({ ...post, kind: 'text' });
  }

  /** The live post of this room; made if there is none yet. */
  publishStream(stream: StreamToPublish): StreamPost {
    const { room, author, title, description, tags } = stream;
    for (const userId of stream.allowedUserIds) this.allow(room.roomId, userId);
    const live = this.#postsOfRoom(room.roomId).find((post) => post.liveStatus === 'live');
    if (live) return live;
    const free = room.recordingId !== undefined && !this.#postOfRecording(room.recordingId);
    return this.#insert({
      kind: 'stream',
      context: room.context,
      projectId: room.projectId,
      visibility: room.visibility,
      author,
      text: description,
      stream: {
        title,
        tags,
        roomId: room.roomId,
        liveStatus: 'live',
        startsAt: isoTime(this.#clock()),
        ...(free && { recordingId: room.recordingId, recordingState: 'recording' as const }),
      },
    }) as StreamPost;
  }

  /** The room has ended: so has its live post, where there is one. `endsAt` is ISO 8601. */
  endStream(roomId: string, endsAt: string): void {
    for (const post of this.#postsOfRoom(roomId)) {
      if (post.liveStatus === 'live') {
        this.#change(post.postId, { live_status: 'ended', ends_at: endsAt });
      }
    }
  }

  /**
   * Ends posts that say "live" although their room is gone, as after the node was killed. They
   * ended when they were last touched, as far as anybody knows.
   */
  endStreamsWithout(isOpen: (roomId: string) => boolean): void {
    const rows = this.#db.prepare(`SELECT * FROM posts WHERE live_status = 'live'`).all();
    for (const row of rows) {
      if (isOpen(String(row.room_id))) continue;
      this.#change(String(row.post_id), {
        live_status: 'ended',
        ends_at: String(row.updated_at),
      });
    }
  }

  /**
   * Tells the room's post what became of its recording. A recording of a room that was never
   * promoted becomes an ended post of its own once it is `ready`; until then, and when it comes
   * to nothing, there is none and the answer is `undefined`.
   */
  attachRecording(room: RecordedRoom, recording: RecordingOnPost): StreamPost | undefined {
    const post = postForRecording(this.#postsOfRoom(room.roomId), recording.recordingId);
    if (post) {
      return this.#change(post.postId, {
        recording_id: recording.recordingId,
        recording_state: recording.recordingState,
        retain_until: recording.retainUntil,
        duration_ms: recording.durationMs,
      }) as StreamPost;
    }
    if (recording.recordingState !== 'ready') return undefined;
    return this.#insert({
      kind: 'stream',
      context: room.context,
      projectId: room.projectId,
      visibility: room.visibility,
      author: room.author,
      text: '',
      stream: {
        title: room.title,
        tags: [],
        roomId: room.roomId,
        liveStatus: 'ended',
        startsAt: room.startedAt,
        endsAt: room.endedAt,
        ...recording,
      },
    }) as StreamPost;
  }

  /** Somebody was let into the room: its posts are theirs to see. */
  allow(roomId: string, userId: string): void {
    this.#db
      .prepare('INSERT OR IGNORE INTO post_audience (room_id, user_id) VALUES (?, ?)')
      .run(roomId, userId);
  }

  /** Throws `post-not-found`, `forbidden`, `validation-failed`. */
  update(postId: string, author: { userId: string; guest: boolean }, to: UpdatePostRequest): Post {
    const post = this.#requireOwn(postId, author, 'change');
    if (post.kind === 'text' && (to.title !== undefined || to.tags !== undefined)) {
      throw new ProtocolError('validation-failed', 'A text post has no title and no tags.', [
        ...(to.title !== undefined ? [{ path: 'title', message: 'goes with stream posts' }] : []),
        ...(to.tags !== undefined ? [{ path: 'tags', message: 'goes with stream posts' }] : []),
      ]);
    }
    return this.#change(postId, {
      ...(to.text !== undefined && { text: to.text }),
      ...(to.title !== undefined && { title: to.title }),
      ...(to.tags !== undefined && { tags: JSON.stringify(to.tags) }),
    });
  }

  /** Throws `post-not-found`, `forbidden`. */
  delete(postId: string, author: { userId: string; guest: boolean }): void {
    this.#requireOwn(postId, author, 'delete');
    this.#db.prepare('DELETE FROM posts WHERE post_id = ?').run(postId);
    this.emit('deleted', postId);
  }

  // ---- reading

  /** Throws `post-not-found`, also for what the viewer may not see. */
  get(postId: string, viewer: Viewer): Post {
    const row = this.#db
      .prepare(`SELECT * FROM posts WHERE post_id = :postId AND ${VISIBLE_TO}`)
      .get({ postId, ...viewerParameters(viewer) });
    if (row) return postOf(row);
    throw new ProtocolError(
      'post-not-found',
      'There is no such post. It may have been deleted, or it is not for everybody.',
    );
  }

  /** Posts on a member's profile. Throws `validation-failed` for a bad cursor. */
  profilePage(userId: string, viewer: Viewer, query: PageQuery): FeedPage {
    return this.#page(`author_user_id = :owner AND context = 'profile'`, userId, viewer, query);
  }

  /** Posts on a project's page. Throws `validation-failed` for a bad cursor. */
  projectPage(projectId: string, viewer: Viewer, query: PageQuery): FeedPage {
    return this.#page('project_id = :owner', projectId, viewer, query);
  }

  /** Carries a member's new name to the posts it has written. */
  renameAuthor(author: PostAuthor): void {
    this.#db
      .prepare(
        'UPDATE posts SET author_handle = ?, author_display_name = ? WHERE author_user_id = ?',
      )
      .run(author.handle, author.displayName, author.userId);
  }

  #page(where: string, owner: string, viewer: Viewer, query: PageQuery): FeedPage {
    const before =
      query.cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(query.cursor);
    const rows = this.#db
      .prepare(
        `SELECT * FROM posts WHERE ${where} AND seq < :before AND ${VISIBLE_TO}
         ORDER BY seq DESC LIMIT :count`,
      )
      .all({ owner, before, count: query.limit + 1, ...viewerParameters(viewer) });
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    return {
      posts: shown.map(postOf),
      ...(rows.length > shown.length && last && { nextCursor: encodeCursor(Number(last.seq)) }),
    };
  }

  #insert(post: NewPost): Post {
    const now = isoTime(this.#clock());
    const { stream } = post;
    const columns: Changes = {
      post_id: `post_${nanoid(16)}`,
      kind: post.kind,
      context: post.context,
      project_id: post.projectId ?? null,
      author_user_id: post.author.userId,
      author_handle: post.author.handle,
      author_display_name: post.author.displayName,
      visibility: post.visibility,
      text: post.text,
      created_at: now,
      updated_at: now,
      title: stream?.title ?? null,
      tags: stream ? JSON.stringify(stream.tags) : null,
      room_id: stream?.roomId ?? null,
      live_status: stream?.liveStatus ?? null,
      starts_at: stream?.startsAt ?? null,
      ends_at: stream?.endsAt ?? null,
      recording_id: stream?.recordingId ?? null,
      recording_state: stream?.recordingState ?? null,
      retain_until: stream?.retainUntil ?? null,
      duration_ms: stream?.durationMs ?? null,
    };
    const names = Object.keys(columns);
    const row = this.#db
      .prepare(
        `INSERT INTO posts (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')})
         RETURNING *`,
      )
      .get(columns);
    const created = postOf(required(row));
    this.emit('created', created);
    return created;
  }

  #change(postId: string, changes: Changes): Post {
    const names = Object.keys(changes);
    const row = this.#db
      .prepare(
        `UPDATE posts SET ${names.map((name) => `${name} = :${name}, `).join('')}
           updated_at = :now WHERE post_id = :postId RETURNING *`,
      )
      .get({ ...changes, now: isoTime(this.#clock()), postId });
    const updated = postOf(required(row));
    this.emit('updated', updated);
    return updated;
  }

  #postsOfRoom(roomId: string): StreamPost[] {
    return this.#db
      .prepare('SELECT * FROM posts WHERE room_id = ? ORDER BY seq DESC')
      .all(roomId)
      .map((row) => postOf(row) as StreamPost);
  }

  #postOfRecording(recordingId: string): PostRow | undefined {
    return this.#db.prepare('SELECT post_id FROM posts WHERE recording_id = ?').get(recordingId);
  }

  #requireOwn(postId: string, author: { userId: string; guest: boolean }, what: string): Post {
    const post = this.get(postId, author);
    if (post.author.userId === author.userId) return post;
    throw new ProtocolError('forbidden', `Only its author can ${what} this post.`);
  }
}

function required(row: PostRow | undefined): PostRow {
  if (!row) throw new Error('SQLite returned no row for a post that was just written.');
  return row;
}
