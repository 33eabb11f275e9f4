/** Who is looking at a feed; `undefined` when nobody is signed in. */
export type Viewer = { userId: string; guest: boolean } | undefined;

/**
 * SQL for "this viewer may see this post", the same rule as `maySee` of rooms: public for all,
 * followers for members, and for those who were let into the room, and always for the author.
 * Filtering in the query keeps pages full.
 */
export const VISIBLE_TO = `(
  visibility = 'public'
  OR author_user_id = :viewer
  OR (visibility = 'followers' AND :member = 1)
  OR EXISTS (
    SELECT 1 FROM post_audience
    WHERE post_audience.room_id = posts.room_id AND post_audience.user_id = :viewer
  )
)`;

/** The parameters of {@link VISIBLE_TO}. */
export function viewerParameters(viewer: Viewer): { viewer: string; member: number } {
  return { viewer: viewer?.userId ?? '', member: viewer && !viewer.guest ? 1 : 0 };
}
