import { z } from 'zod';
import { Timestamp } from './encoding.ts';
import { RecordingId, RecordingState } from './recordings.ts';
import { RoomId, Visibility } from './rooms.ts';

/** A file of a recording that is not what it should be. */
export const DamagedFile = z.object({ file: z.string(), reason: z.string() });
export type DamagedFile = z.infer<typeof DamagedFile>;

/** Why separate tracks were not checked, where their keys could not be had. */
const TracksLeftOut = z.string().optional();

/** What the last check of every byte of a recording said. */
export const HashStatus = z.discriminatedUnion('state', [
  z.object({ state: z.literal('unchecked') }),
  z.object({
    state: z.literal('intact'),
    checkedAt: Timestamp,
    tracksLeftOut: TracksLeftOut,
  }),
  z.object({
    state: z.literal('damaged'),
    checkedAt: Timestamp,
    /** The first of them. */
    problems: z.array(DamagedFile),
    problemCount: z.int().positive(),
    tracksLeftOut: TracksLeftOut,
  }),
]);
export type HashStatus = z.infer<typeof HashStatus>;

/** A recording as its owner's library lists it. */
export const LibraryEntry = z.object({
  recordingId: RecordingId,
  roomId: RoomId,
  title: z.string(),
  visibility: Visibility,
  state: RecordingState,
  startedAt: Timestamp,
  durationMs: z.number().nonnegative(),
  /** Everything in its folder. */
  sizeBytes: z.int().nonnegative(),
  retainUntil: Timestamp,
  pinned: z.boolean(),
  recovered: z.boolean(),
  hash: HashStatus,
  error: z.string().optional(),
});
export type LibraryEntry = z.infer<typeof LibraryEntry>;

export const LibrarySort = z.enum(['startedAt', 'title', 'durationMs', 'sizeBytes', 'retainUntil']);
export type LibrarySort = z.infer<typeof LibrarySort>;

/** Entries of a page at most. */
export const MAX_LIBRARY_PAGE = 200;

export const LibraryQuery = z.object({
  /** Words that the title holds, in whatever case and with or without accents. */
  search: z.string().max(200).default(''),
  sort: LibrarySort.default('startedAt'),
  order: z.enum(['ascending', 'descending']).default('descending'),
  /** Deleted recordings too. */
  withExpired: z.boolean().default(false),
  offset: z.int().nonnegative().default(0),
  limit: z.int().min(1).max(MAX_LIBRARY_PAGE).default(100),
});
export type LibraryQuery = z.infer<typeof LibraryQuery>;

export const LibraryPage = z.object({
  /** How many match, over all pages. */
  total: z.int().nonnegative(),
  entries: z.array(LibraryEntry),
});
export type LibraryPage = z.infer<typeof LibraryPage>;

/** A gigabyte as disks are sold: 10^9 bytes. */
export const BYTES_PER_GB = 1e9;

/** The library as a whole. */
export const LibraryOverview = z.object({
  /** Recordings that are there. */
  count: z.int().nonnegative(),
  usedBytes: z.int().nonnegative(),
  /** On the disk that holds them. */
  freeBytes: z.int().nonnegative(),
  /** Absent where there is none. */
  quotaGb: z.number().positive().optional(),
  /** Days a new recording is kept. */
  retentionDays: z.int().positive(),
  /** What goes next to make room, in that order, with the quota as it is; the first few. */
  goesNext: z.array(z.object({ recordingId: RecordingId, title: z.string() })),
  /** More than the quota, and nothing left that may go. */
  stillOverBytes: z.int().nonnegative(),
  /** Where exports go when nobody says otherwise; absolute. */
  exportFolder: z.string(),
  /** The clock was seen to jump: nothing is deleted by date until then. */
  heldUntil: Timestamp.optional(),
});
export type LibraryOverview = z.infer<typeof LibraryOverview>;

/** What a quota would delete at once. */
export const QuotaPreview = z.object({
  goes: z.array(z.object({ recordingId: RecordingId, title: z.string() })),
  freesBytes: z.int().nonnegative(),
});
export type QuotaPreview = z.infer<typeof QuotaPreview>;

export const QuotaGb = z.number().min(0.1).max(1_000_000);

export const LibraryLimits = z.object({
  /** `null` for none. */
  quotaGb: QuotaGb.nullable(),
  retentionDays: z.int().min(1).max(3650),
});
export type LibraryLimits = z.infer<typeof LibraryLimits>;

/**
 * How an MP4 is made of a recording: `compatible` copies H.264 and makes the sound AAC, so that
 * editors and players take it; `as-recorded` copies everything, for players that take Opus.
 */
export const ExportFormat = z.enum(['compatible', 'as-recorded']);
export type ExportFormat = z.infer<typeof ExportFormat>;

/**
 * How pictures of separate tracks are exported: `editor` for any editor (H.264 in MP4, one size, a
 * constant rate), `received` as their senders encoded them (Matroska).
 */
export const TrackPictures = z.enum(['editor', 'received']);
export type TrackPictures = z.infer<typeof TrackPictures>;

export const JobKind = z.enum(['verify', 'export', 'summarise']);
export type JobKind = z.infer<typeof JobKind>;

export const JobState = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

/** Something that takes its time with a recording. */
export const LibraryJob = z.object({
  jobId: z.string(),
  kind: JobKind,
  recordingId: RecordingId,
  title: z.string(),
  state: JobState,
  /** 0 to 1. */
  progress: z.number().min(0).max(1),
  /** Where the file lies, of an export that is done. */
  path: z.string().optional(),
  /** What was found, of a verification that is done. */
  hash: HashStatus.optional(),
  /** Of one that failed: a stable code, and a sentence that says what to do. */
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type LibraryJob = z.infer<typeof LibraryJob>;

/** Whether nothing more will happen to a job. */
export function isOver({ state }: LibraryJob): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
