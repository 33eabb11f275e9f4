import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import {
  MAX_PINNED,
  type Post,
  type StreamPost,
  type UpdatePostRequest,
} from '../../protocol/posts.ts';
import { type Clock, isoTime } from '../clock.ts';
import { FeedDirectory } from './feed-directory.ts';
import { pictureChange } from './post-picture.ts';
import { type PostRow, postOf } from './post-rows.ts';
import {
  type NewPost,
  type PostAuthor,
  postForRecording,
  type RecordedRoom,
  type RecordingOnPost,
  type StreamToPublish,
} from './stream-posts.ts';

/** Columns that change after a post was written. */
type Changes = Record<string, SQLInputValue>;

/** Columns whose words can be searched for. */
const WORDS = ['title', 'text', 'tags'] as const;

/** The posts of this node, newest first. Tells every change. */
export class Feed extends FeedDirectory {
  readonly #clock: Clock;

  readonly #ownerOfPicture: (assetId: string) => string | undefined;

  /** @param options.ownerOfPicture whose a picture is; without it posts take none */
  constructor(options: {
    db: DatabaseSync;
    clock: Clock;
    ownerOfPicture?: (assetId: string) => string | undefined;
  }) {
    super(options.db);
    this.#clock = options.clock;
    this.#ownerOfPicture = options.ownerOfPicture ?? (() => undefined);
  }

  createText(post: Omit<NewPost, 'kind' | 'stream'>): Post {
    return this.#insert({ ...post, kind: 'text' });
  }

  /** The live post of this room; made if there is none yet. */
  publishStream(stream: StreamToPublish): StreamPost {
    const { room, author, title, description, tags } = stream;
    for (const userId of stream.allowedUserIds) this.allow(room.roomId, userId);
    const live = this.#postsOfRoom(room.roomId).find((post) => post.liveStatus === 'live');
    if (live) return live;
    const free = room.recordingId !== undefined && !this.postOfRecording(room.recordingId);
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
    const rows = this.db.prepare(`SELECT * FROM posts WHERE live_status = 'live'`).all();
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
    this.db
      .prepare('INSERT OR IGNORE INTO post_audience (room_id, user_id) VALUES (?, ?)')
      .run(roomId, userId);
  }

  /**
   * Gives a post the picture that was made for it, or takes that away; `false` where the post is
   * gone, or its author chose one.
   */
  setThumbnail(
    postId: string,
    picture: { assetId: string; origin: 'early' | 'automatic' } | undefined,
  ): boolean {
    const post = this.find(postId);
    if (post?.kind !== 'stream' || post.thumbnailOrigin === 'own') return false;
    this.#change(postId, {
      thumbnail_id: picture?.assetId ?? null,
      thumbnail_origin: picture?.origin ?? null,
    });
    return true;
  }

  /** Tells a recording's post of its summary, or that there is none any more. */
  setSummary(recordingId: string, summaryId: string | undefined): void {
    const post = this.postOfRecording(recordingId);
    if (post) this.#change(post.postId, { summary_id: summaryId ?? null });
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
    if (post.kind === 'text' && to.text === '') {
      throw new ProtocolError('validation-failed', 'A post needs words. Delete it instead.', [
        { path: 'text', message: 'must not be empty' },
      ]);
    }
    const picture = pictureChange(post, to.thumbnailId, {
      ownerOf: this.#ownerOfPicture,
      showing: (assetId) => this.showing(assetId)?.postId,
    });
    const edited = [to.text, to.title, to.tags].some((part) => part !== undefined);
    return this.#change(postId, {
      ...(edited && { edited_at: isoTime(this.#clock()) }),
      ...(to.text !== undefined && { text: to.text }),
      ...(to.title !== undefined && { title: to.title }),
      ...(to.tags !== undefined && { tags: JSON.stringify(to.tags) }),
      ...(to.pinned !== undefined && { pinned_at: this.#pinning(post, to.pinned) }),
      ...picture,
    });
  }

  /** Throws `post-not-found`, `forbidden`. */
  delete(postId: string, author: { userId: string; guest: boolean }): void {
    const post = this.#requireOwn(postId, author, 'delete');
    const row = this.db.prepare('DELETE FROM posts WHERE post_id = ? RETURNING seq').get(postId);
    this.words.forget(Number(required(row).seq));
    this.emit('deleted', post);
    if (post.kind === 'stream') this.#tellPicture(post, undefined);
  }

  /** Carries a member's new name to the posts it has written. */
  renameAuthor(author: PostAuthor): void {
    this.db
      .prepare(
        'UPDATE posts SET author_handle = ?, author_display_name = ? WHERE author_user_id = ?',
      )
      .run(author.handle, author.displayName, author.userId);
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
    const row = this.db
      .prepare(
        `INSERT INTO posts (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')})
         RETURNING *`,
      )
      .get(columns);
    this.words.index(required(row));
    const created = postOf(required(row));
    this.emit('created', created);
    return created;
  }

  #change(postId: string, changes: Changes): Post {
    const before = 'thumbnail_id' in changes ? this.find(postId) : undefined;
    const names = Object.keys(changes);
    const row = this.db
      .prepare(
        `UPDATE posts SET ${names.map((name) => `${name} = :${name}, `).join('')}
           updated_at = :now WHERE post_id = :postId RETURNING *`,
      )
      .get({ ...changes, now: isoTime(this.#clock()), postId });
    if (WORDS.some((column) => column in changes)) this.words.index(required(row));
    const updated = postOf(required(row));
    this.emit('updated', updated);
    if (before?.kind === 'stream') this.#tellPicture(before, updated);
    return updated;
  }

  #tellPicture({ postId, thumbnailId }: StreamPost, after: Post | undefined): void {
    if (thumbnailId === undefined) return;
    if (after?.kind === 'stream' && after.thumbnailId === thumbnailId) return;
    this.emit('pictureGone', { assetId: thumbnailId, postId });
  }

  /** When it is pinned: now, or not at all. Throws `validation-failed` where no more may be. */
  #pinning(post: Post, pinned: boolean): string | null {
    if (!pinned) return null;
    if (post.pinnedAt !== undefined) return post.pinnedAt;
    const row = this.db
      .prepare(
        `SELECT COUNT(*) AS pinned FROM posts WHERE author_user_id = :author
           AND project_id IS :projectId AND pinned_at IS NOT NULL`,
      )
      .get({ author: post.author.userId, projectId: post.projectId ?? null });
    if (Number(row?.pinned) < MAX_PINNED) return isoTime(this.#clock());
    const sentence = `${MAX_PINNED} posts are pinned here already. Unpin one of them first.`;
    throw new ProtocolError('validation-failed', sentence, [
      { path: 'pinned', message: `at most ${MAX_PINNED} posts` },
    ]);
  }

  #postsOfRoom(roomId: string): StreamPost[] {
    return this.db
      .prepare('SELECT * FROM posts WHERE room_id = ? ORDER BY seq DESC')
      .all(roomId)
      .map((row) => postOf(row) as StreamPost);
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
