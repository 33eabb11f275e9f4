import type { DatabaseSync } from 'node:sqlite';
import { tagsIn } from '../../protocol/post-text.ts';
import type { FeedPage, Post, SearchQuery } from '../../protocol/posts.ts';
import { migrate } from '../storage/database.ts';
import { pageOf, pageParameters } from './feed-page.ts';
import { type PostRow, postOf } from './post-rows.ts';
import { parseSearch } from './search-terms.ts';
import { VISIBLE_TO, type Viewer, viewerParameters } from './viewer.ts';

const STEPS = [
  `CREATE VIRTUAL TABLE post_words USING fts5 (
     title, text, tags,
     content = '', contentless_delete = 1,
     tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
   );`,
];

/**
 * Finds posts by their words, newest first (SQLite FTS5). The words lie in an index beside the
 * posts' table, whose `seq` is the index's row.
 */
export class PostSearch {
  readonly #db: DatabaseSync;

  /** @param db one in which the posts' table is already */
  constructor(db: DatabaseSync) {
    this.#db = db;
    migrate(db, 'post-search', STEPS);
    this.#catchUp();
  }

  /** Takes in a post's words as they are now. */
  index(row: PostRow): void {
    this.forget(Number(row.seq));
    this.#add(row);
  }

  forget(seq: number): void {
    this.#db.prepare('DELETE FROM post_words WHERE rowid = ?').run(seq);
  }

  /** What this viewer may see of it. Throws `validation-failed` for a bad cursor. */
  page(query: SearchQuery, viewer: Viewer): FeedPage {
    const { match, author } = parseSearch(query.q);
    if (match === undefined && author === undefined) return { posts: [] };
    const found =
      match === undefined
        ? `posts WHERE seq < :before`
        : `post_words CROSS JOIN posts ON posts.seq = post_words.rowid
           WHERE post_words MATCH :match AND post_words.rowid < :before`;
    const order = match === undefined ? 'seq' : 'post_words.rowid';
    const rows = this.#db
      .prepare(
        `SELECT posts.* FROM ${found} AND ${VISIBLE_TO}
           ${author === undefined ? '' : 'AND author_handle = :author'}
           ${query.only === 'replays' ? `AND recording_state = 'ready'` : ''}
         ORDER BY ${order} DESC LIMIT :count`,
      )
      .all({
        ...{ ...pageParameters(query), ...viewerParameters(viewer) },
        ...(match !== undefined && { match }),
        ...(author !== undefined && { author }),
      });
    return pageOf(rows, query);
  }

  /** Takes in what was written before there was an index, or just before a crash. */
  #catchUp(): void {
    const known = this.#db
      .prepare('SELECT rowid FROM post_words ORDER BY rowid DESC LIMIT 1')
      .get();
    const rows = this.#db
      .prepare('SELECT * FROM posts WHERE seq > ? ORDER BY seq')
      .iterate(Number(known?.rowid ?? 0));
    for (const row of rows) this.#add(row);
  }

  #add(row: PostRow): void {
    const { title, text, tags } = wordsOf(postOf(row));
    this.#db
      .prepare('INSERT INTO post_words (rowid, title, text, tags) VALUES (?, ?, ?, ?)')
      .run(Number(row.seq), title, text, tags.join(' '));
  }
}

function wordsOf(post: Post): { title: string; text: string; tags: string[] } {
  const tags = tagsIn(post.text);
  if (post.kind === 'text') return { title: '', text: post.text, tags };
  return { title: post.title, text: post.text, tags: [...post.tags, ...tags] };
}
