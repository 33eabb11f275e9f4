/** Who is looking at a feed; `undefined` when nobody is signed in. */
export type Viewer = { userId: string; guest: boolean } | undefined;

/**
 * SQL for "this viewer may see this post", the same rule as `maySee` of rooms: public for all,
 * followers for members, and for those who were let into the room, and always for the author; but
 * nothing of a private project for anybody outside of it. Filtering in the query keeps pages full.
 */
export const VISIBLE_TO = `(
  (
    posts.project_id IS NULL
    OR EXISTS (
      SELECT 1 FROM projects
      WHERE projects.project_id = posts.project_id AND projects.visibility = 'public'
    )
    OR EXISTS (
      SELECT 1 FROM project_members
      WHERE project_members.project_id = posts.project_id AND project_members.user_id = :viewer
    )
  ) AND (
    posts.visibility = 'public'
    OR author_user_id = :viewer
    OR (posts.visibility = 'followers' AND :member = 1)
    OR EXISTS (
      SELECT 1 FROM post_audience
      WHERE post_audience.room_id = posts.room_id AND post_audience.user_id = :viewer
    )
  )
)`;

/** The parameters of {@link VISIBLE_TO}. */
export function viewerParameters(viewer: Viewer): { viewer: string; member: number } {
  return { viewer: viewer?.userId ?? '', member: viewer && !viewer.guest ? 1 : 0 };
}
