import { z } from 'zod';
import { PublicKey, Sha256, Signature, Timestamp } from './encoding.ts';
import { UserId } from './identity.ts';
import { RoomId, Visibility } from './rooms.ts';

export const RecordingId = z.string().regex(/^rec_[A-Za-z0-9_-]{10,32}$/, 'must be a recordingId');

export const RecordingState = z.enum(['recording', 'finalizing', 'ready', 'expired', 'failed']);
export type RecordingState = z.infer<typeof RecordingState>;

/** Days a recording is kept when nobody says otherwise. */
export const DEFAULT_RETENTION_DAYS = 30;

/** What somebody calls a moment of a recording: a line of 1-80 characters. */
export const MarkerLabel = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(80)
  .regex(/^[^\r\n]*$/, 'must be one line');

export const Chapter = z.object({ startMs: z.int().nonnegative(), title: MarkerLabel });
/** A part of a replay, from its marker to the next. */
export type Chapter = z.infer<typeof Chapter>;

export const RecordingStatus = z.object({
  state: RecordingState,
  recordingId: RecordingId,
  /** As the room was called when it was recorded. */
  title: z.string().optional(),
  /** Whose signature its manifests carry. */
  hostUserId: UserId.optional(),
  visibility: Visibility.optional(),
  startedAt: Timestamp.optional(),
  manifestUrl: z.string(),
  playlistUrl: z.string(),
  durationMs: z.number().nonnegative(),
  sizeBytes: z.int().nonnegative(),
  retainUntil: Timestamp,
  pinned: z.boolean(),
  /**
   * Set when a crash or other trouble ended it and it was finished from the journal; not by Stop,
   * nor by a studio that was closed in order.
   */
  recovered: z.boolean(),
  /** A sentence for the person when `state` is `failed`, or when something ended it early. */
  error: z.string().optional(),
  /** Absent where nobody set a marker. */
  chapters: z.array(Chapter).optional(),
  /** Whoever may watch it may download it; absent where they may not. */
  downloadable: z.boolean().optional(),
  /** Origins of the nodes that have a copy of it, for when this one is away. */
  replicas: z.array(z.string()).optional(),
  /** This is such a copy: the node that answers is not its host's. */
  isReplica: z.boolean().optional(),
});
/** What clients poll at `GET /api/streams/{roomId}/recording` until it is `ready`. */
export type RecordingStatus = z.infer<typeof RecordingStatus>;

export const UpdateRecordingRequest = z.object({
  retainUntil: Timestamp.optional(),
  pinned: z.boolean().optional(),
  downloadable: z.boolean().optional(),
});
export type UpdateRecordingRequest = z.infer<typeof UpdateRecordingRequest>;

export const DownloadResponse = z.object({
  /** Path on the node; whoever has it has the file. */
  url: z.string(),
  /** What the file is called. */
  name: z.string(),
  sizeBytes: z.int().nonnegative(),
});

/** Largest file of a replay: a segment of some seconds has a few MB. */
const MAX_FILE_BYTES = 1024 ** 3;
/** A week in 2 s segments has 302,400. */
const MAX_SEGMENTS = 500_000;

/** A file name of a replay: no folders, no leading dot. */
const SegmentUri = z.string().regex(/^[a-z0-9][a-z0-9-]*\.(mp4|m4s)$/);

export const ManifestFile = z.object({
  uri: SegmentUri,
  /** Over the bytes as served: the ciphertext where the segment is encrypted. */
  sha256: Sha256,
  sizeBytes: z.int().positive().max(MAX_FILE_BYTES),
});
export type ManifestFile = z.infer<typeof ManifestFile>;
export const ManifestSegment = ManifestFile.extend({ durationMs: z.number().positive() });
export type ManifestSegment = z.infer<typeof ManifestSegment>;

export const ManifestPayload = z.object({
  version: z.literal(1),
  recordingId: RecordingId,
  roomId: RoomId,
  /** Empty unless the recording is public: who takes the folder is to learn nothing from it. */
  title: z.string(),
  host: z.object({ userId: UserId, publicKey: PublicKey }),
  startedAt: Timestamp,
  durationMs: z.number().nonnegative(),
  sizeBytes: z.int().nonnegative(),
  encryption: z.enum(['none', 'AES-128']),
  init: ManifestFile,
  segments: z.array(ManifestSegment).max(MAX_SEGMENTS),
  /** In their order; absent where nobody set a marker, and unless the recording is public. */
  chapters: z.array(Chapter).optional(),
});
export type ManifestPayload = z.infer<typeof ManifestPayload>;

/**
 * The signed list of a recording's segments. `signature` is the host's Ed25519 signature over the
 * UTF-8 bytes of the payload in canonical form (RFC 8785), that is everything but `signature`.
 */
export const Manifest = ManifestPayload.extend({ signature: Signature });
export type Manifest = z.infer<typeof Manifest>;
