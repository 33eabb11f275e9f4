import { z } from 'zod';
import { AssetId } from './assets.ts';
import { Timestamp } from './encoding.ts';
import { Handle, UserId } from './identity.ts';
import { ProjectId } from './projects.ts';
import { RecordingState } from './recordings.ts';
import { RoomContext, RoomId, Visibility } from './rooms.ts';

export const PostId = z.string().regex(/^post_[A-Za-z0-9_-]{10,32}$/, 'must be a postId');

const Author = z.object({ userId: UserId, handle: z.string(), displayName: z.string() });

const PostBase = z.object({
  postId: PostId,
  author: Author,
  context: RoomContext,
  projectId: ProjectId.optional(),
  visibility: Visibility,
  text: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  /** When its author last changed its words; absent where they are as they were written. */
  editedAt: Timestamp.optional(),
  /** When it was pinned to the top of its feed; absent where it is not. */
  pinnedAt: Timestamp.optional(),
});

/**
 * Its author chose it (`own`), or the node made it of the recording: of its first seconds (`early`)
 * until there is a better one (`automatic`).
 */
export const ThumbnailOrigin = z.enum(['own', 'early', 'automatic']);
export type ThumbnailOrigin = z.infer<typeof ThumbnailOrigin>;

export const TextPost = PostBase.extend({ kind: z.literal('text') });
export const StreamPost = PostBase.extend({
  kind: z.literal('stream'),
  title: z.string(),
  tags: z.array(z.string()),
  roomId: RoomId,
  liveStatus: z.enum(['scheduled', 'live', 'ended']),
  startsAt: Timestamp,
  endsAt: Timestamp.optional(),
  recordingId: z.string().optional(),
  /** What became of the recording, so that a card needs no second question; absent without one. */
  recordingState: RecordingState.optional(),
  retainUntil: Timestamp.optional(),
  durationMs: z.number().nonnegative().optional(),
  summaryId: z.string().optional(),
  thumbnailId: z.string().optional(),
  /** Where its picture comes from; absent without one. */
  thumbnailOrigin: ThumbnailOrigin.optional(),
});
export type StreamPost = z.infer<typeof StreamPost>;

export const Post = z.discriminatedUnion('kind', [TextPost, StreamPost]);
/** A feed entry. */
export type Post = z.infer<typeof Post>;

/** What draws nothing and can hide something: control characters but for tabs and line breaks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** 1-4000 characters, none of them a control character. */
export const PostText = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(4000)
  .refine((text) => !CONTROL_CHARACTERS.test(text), 'must not contain control characters');

/** How many posts may be pinned in one feed. */
export const MAX_PINNED = 3;

export const CreatePostRequest = z
  .object({
    kind: z.literal('text').default('text'),
    text: PostText,
    context: RoomContext,
    projectId: ProjectId.optional(),
    visibility: Visibility.exclude(['invite-only']).default('public'),
  })
  .refine((post) => (post.context === 'project') === (post.projectId !== undefined), {
    path: ['projectId'],
    message: 'goes with context "project", and only with it',
  });
export type CreatePostRequest = z.input<typeof CreatePostRequest>;

export const UpdatePostRequest = z.object({
  /** A stream's description may be empty. */
  text: z.union([PostText, z.literal('')]).optional(),
  title: z.string().trim().min(1).max(120).optional(),
  tags: z.array(z.string().max(32)).max(10).optional(),
  /** Pinned posts stand at the top of their feed. */
  pinned: z.boolean().optional(),
  /** A picture of one's own for a stream post; `null` goes back to the automatic one. */
  thumbnailId: AssetId.nullable().optional(),
});
export type UpdatePostRequest = z.infer<typeof UpdatePostRequest>;

export const PostResponse = z.object({ post: Post });

export const FeedQuery = z.object({
  cursor: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const FeedPage = z.object({
  /** On the first page: what is pinned, the last pinned first. Not among `posts`. */
  pinned: z.array(Post).optional(),
  posts: z.array(Post),
  /** Give it back as `cursor` for the next page; absent on the last. */
  nextCursor: z.string().optional(),
});
export type FeedPage = z.infer<typeof FeedPage>;

/** Whose feed: a member's profile, or a project's page. */
export const FeedRef = z.union([
  z.strictObject({ profile: Handle }),
  z.strictObject({ projectId: ProjectId }),
]);
export type FeedRef = z.infer<typeof FeedRef>;

export const SearchQuery = z.object({
  /** Words that are all in it, the last of them perhaps begun; `#tag`; `@handle` of its author. */
  q: z.string().trim().min(1, 'must not be empty').max(200),
  /** Only what can be watched. */
  only: z.enum(['replays']).optional(),
  cursor: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type SearchQuery = z.infer<typeof SearchQuery>;
