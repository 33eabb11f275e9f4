import type { FeedPage } from '../../protocol/posts.ts';
import { decodeCursor, encodeCursor } from './feed-cursor.ts';
import { type PostRow, postOf } from './post-rows.ts';

/** A page request: `limit` posts after `cursor`. */
export interface PageQuery {
  cursor?: string | undefined;
  limit: number;
}

/**
 * What a query for a page binds: posts before `before` in the order of `seq`, one more than are
 * shown, which tells whether there is another page. Throws `validation-failed` for a bad cursor.
 */
export function pageParameters({ cursor, limit }: PageQuery): { before: number; count: number } {
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor);
  return { before, count: limit + 1 };
}

/** The page of the rows that were found, newest first. */
export function pageOf(rows: readonly PostRow[], { limit }: PageQuery): FeedPage {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    posts: shown.map(postOf),
    ...(rows.length > shown.length && last && { nextCursor: encodeCursor(Number(last.seq)) }),
  };
}
