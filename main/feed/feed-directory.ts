import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { ProtocolError } from '../../protocol/errors.ts';
import type { FeedPage, Post, SearchQuery, StreamPost } from '../../protocol/posts.ts';
import { PROJECT_STEPS } from '../projects/project-tables.ts';
import { migrate } from '../storage/database.ts';
import { type PageQuery, pageOf, pageParameters } from './feed-page.ts';
import { FEED_STEPS, postOf } from './post-rows.ts';
import { PostSearch } from './post-search.ts';
import { VISIBLE_TO, type Viewer, viewerParameters } from './viewer.ts';

/** What the feed tells: every change of a post. */
export interface FeedEvents {
  created: [Post];
  updated: [Post];
  deleted: [Post];
  /** A post shows a picture no more: it has another one, none, or is gone. */
  pictureGone: [{ assetId: string; postId: string }];
}

/** The posts of this node as the rest of it reads them, newest first. `Feed` changes them. */
export abstract class FeedDirectory extends EventEmitter<FeedEvents> {
  protected readonly db: DatabaseSync;
  protected readonly words: PostSearch;

  protected constructor(db: DatabaseSync) {
    super();
    this.db = db;
    migrate(db, 'projects', PROJECT_STEPS);
    migrate(db, 'feed', FEED_STEPS);
    this.words = new PostSearch(db);
  }

  /** Throws `post-not-found`, also for what the viewer may not see. */
  get(postId: string, viewer: Viewer): Post {
    const row = this.db
      .prepare(`SELECT * FROM posts WHERE post_id = :postId AND ${VISIBLE_TO}`)
      .get({ postId, ...viewerParameters(viewer) });
    if (row) return postOf(row);
    throw new ProtocolError(
      'post-not-found',
      'There is no such post. It may have been deleted, or it is not for everybody.',
    );
  }

  /** The post, whoever may see it. */
  find(postId: string): Post | undefined {
    const row = this.db.prepare('SELECT * FROM posts WHERE post_id = ?').get(postId);
    return row && postOf(row);
  }

  /** A post that shows this picture. */
  showing(assetId: string): Post | undefined {
    const row = this.db.prepare('SELECT * FROM posts WHERE thumbnail_id = ?').get(assetId);
    return row && postOf(row);
  }

  /** The post that tells of a recording. */
  postOfRecording(recordingId: string): StreamPost | undefined {
    const row = this.db.prepare('SELECT * FROM posts WHERE recording_id = ?').get(recordingId);
    return row && (postOf(row) as StreamPost);
  }

  /** Recordings that can be watched and whose posts have no lasting picture, the newest first. */
  recordingsWithoutPicture(): string[] {
    return this.db
      .prepare(
        `SELECT recording_id FROM posts WHERE recording_state = 'ready'
           AND (thumbnail_id IS NULL OR thumbnail_origin = 'early')
         ORDER BY seq DESC`,
      )
      .all()
      .map((row) => String(row.recording_id));
  }

  /** Whether a post is for this viewer; also of one that was just deleted. */
  maySee(post: Post, viewer: Viewer): boolean {
    if (post.visibility === 'public' && post.projectId === undefined) return true;
    const row = this.db
      .prepare(
        `SELECT 1 FROM (SELECT :visibility AS visibility, :author AS author_user_id,
           :roomId AS room_id, :projectId AS project_id) AS posts WHERE ${VISIBLE_TO}`,
      )
      .get({
        visibility: post.visibility,
        author: post.author.userId,
        roomId: post.kind === 'stream' ? post.roomId : null,
        projectId: post.projectId ?? null,
        ...viewerParameters(viewer),
      });
    return row !== undefined;
  }

  /** Whether anything was posted in a project, whoever may see it. */
  hasPosts(projectId: string): boolean {
    const row = this.db.prepare('SELECT 1 FROM posts WHERE project_id = ? LIMIT 1').get(projectId);
    return row !== undefined;
  }

  /** Posts on a member's profile. Throws `validation-failed` for a bad cursor. */
  profilePage(userId: string, viewer: Viewer, query: PageQuery): FeedPage {
    return this.#page(`author_user_id = :owner AND context = 'profile'`, userId, viewer, query);
  }

  /** Posts on a project's page. Throws `validation-failed` for a bad cursor. */
  projectPage(projectId: string, viewer: Viewer, query: PageQuery): FeedPage {
    return this.#page('project_id = :owner', projectId, viewer, query);
  }

  /** Posts with these words in them. Throws `validation-failed` for a bad cursor. */
  search(query: SearchQuery, viewer: Viewer): FeedPage {
    return this.words.page(query, viewer);
  }

  #page(where: string, owner: string, viewer: Viewer, query: PageQuery): FeedPage {
    const asked = { owner, ...viewerParameters(viewer) };
    const rows = this.db
      .prepare(
        `SELECT * FROM posts
         WHERE ${where} AND seq < :before AND pinned_at IS NULL AND ${VISIBLE_TO}
         ORDER BY seq DESC LIMIT :count`,
      )
      .all({ ...asked, ...pageParameters(query) });
    const pinned = query.cursor === undefined ? this.#pinned(where, asked) : [];
    return { ...(pinned.length > 0 && { pinned }), ...pageOf(rows, query) };
  }

  /** Left to itself, SQLite reads all of the owner's posts for this. */
  #pinned(where: string, asked: Record<string, string | number>): Post[] {
    return this.db
      .prepare(
        `SELECT * FROM posts INDEXED BY pinned_posts
         WHERE ${where} AND pinned_at IS NOT NULL AND ${VISIBLE_TO}
         ORDER BY pinned_at DESC, seq DESC`,
      )
      .all(asked)
      .map(postOf);
  }
}
