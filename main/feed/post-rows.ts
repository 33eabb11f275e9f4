import { Post } from '../../protocol/posts.ts';

/** The feed's tables. `seq` gives the order: newest first is `seq` downwards. */
export const FEED_STEPS = [
  `CREATE TABLE posts (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     post_id TEXT NOT NULL UNIQUE,
     kind TEXT NOT NULL CHECK (kind IN ('text', 'stream')),
     context TEXT NOT NULL CHECK (context IN ('profile', 'project')),
     project_id TEXT,
     author_user_id TEXT NOT NULL,
     author_handle TEXT NOT NULL,
     author_display_name TEXT NOT NULL,
     visibility TEXT NOT NULL CHECK (visibility IN ('public', 'followers', 'invite-only')),
     text TEXT NOT NULL,
     created_at TEXT NOT NULL,
     updated_at TEXT NOT NULL,
     title TEXT,
     tags TEXT,
     room_id TEXT,
     live_status TEXT CHECK (live_status IN ('scheduled', 'live', 'ended')),
     starts_at TEXT,
     ends_at TEXT,
     recording_id TEXT,
     recording_state TEXT,
     retain_until TEXT,
     duration_ms REAL,
     summary_id TEXT,
     thumbnail_id TEXT
   ) STRICT;
   CREATE INDEX posts_by_profile ON posts (author_user_id, context, seq);
   CREATE INDEX posts_by_project ON posts (project_id, seq) WHERE project_id IS NOT NULL;
   CREATE INDEX posts_by_room ON posts (room_id, seq) WHERE room_id IS NOT NULL;
   CREATE UNIQUE INDEX one_live_post_per_room ON posts (room_id) WHERE live_status = 'live';
   CREATE UNIQUE INDEX one_post_per_recording ON posts (recording_id)
     WHERE recording_id IS NOT NULL;
   CREATE TABLE post_audience (
     room_id TEXT NOT NULL,
     user_id TEXT NOT NULL,
     PRIMARY KEY (room_id, user_id)
   ) STRICT, WITHOUT ROWID`,
  `ALTER TABLE posts ADD COLUMN edited_at TEXT;
   ALTER TABLE posts ADD COLUMN pinned_at TEXT;
   CREATE INDEX pinned_posts ON posts (author_user_id, project_id, pinned_at)
     WHERE pinned_at IS NOT NULL;`,
  `CREATE INDEX posts_by_thumbnail ON posts (thumbnail_id) WHERE thumbnail_id IS NOT NULL;`,
  `ALTER TABLE posts ADD COLUMN thumbnail_origin TEXT;
   UPDATE posts SET thumbnail_origin = 'automatic' WHERE thumbnail_id IS NOT NULL;`,
];

export type PostRow = Record<string, unknown>;

/** A row as a post; columns that are NULL are absent fields. */
export function postOf(row: PostRow): Post {
  return Post.parse({
    kind: row.kind,
    postId: row.post_id,
    author: {
      userId: row.author_user_id,
      handle: row.author_handle,
      displayName: row.author_display_name,
    },
    context: row.context,
    projectId: row.project_id ?? undefined,
    visibility: row.visibility,
    text: row.text,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    editedAt: row.edited_at ?? undefined,
    pinnedAt: row.pinned_at ?? undefined,
    ...(row.kind === 'stream' && streamFields(row)),
  });
}

function streamFields(row: PostRow) {
  return {
    title: row.title,
    tags: JSON.parse(String(row.tags)),
    roomId: row.room_id,
    liveStatus: row.live_status,
    startsAt: row.starts_at,
    endsAt: row.ends_at ?? undefined,
    recordingId: row.recording_id ?? undefined,
    recordingState: row.recording_state ?? undefined,
    retainUntil: row.retain_until ?? undefined,
    durationMs: row.duration_ms ?? undefined,
    summaryId: row.summary_id ?? undefined,
    thumbnailId: row.thumbnail_id ?? undefined,
    thumbnailOrigin: row.thumbnail_origin ?? undefined,
  };
}
