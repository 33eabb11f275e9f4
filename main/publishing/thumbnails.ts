import type { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import type { AssetStore } from '../assets/asset-store.ts';
import { BackgroundWork } from '../background-work.ts';
import type { Feed } from '../feed/feed.ts';
import type { RawPicture } from '../pictures/picture.ts';
import { posterFrames } from '../pictures/poster-frames.ts';
import { sharpestOf } from '../pictures/sharpness.ts';
import { drawWaveform, loudnessOf } from '../pictures/waveform-picture.ts';
import { encodeWebp } from '../pictures/webp.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';
import { migrate } from '../storage/database.ts';

const STEPS = [
  `CREATE TABLE recorded_cameras (recording_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`,
];

/** Once so much was recorded, all frames a thumbnail is chosen from are there. */
const FIRST_MINUTE_MS = 63_000;

export interface ThumbnailsOptions {
  recordings: RecordingService;
  rooms: RoomRegistry;
  feed: Feed;
  assets: AssetStore;
  db: DatabaseSync;
  ffmpegPath: string | undefined;
  logger: Logger;
}

/**
 * Gives the posts of recordings their pictures: a frame of its first minute, or, where nobody had
 * a camera on, a drawing of its sound. One after the other, beside everything else; what fails is
 * tried again at the next start.
 */
export class Thumbnails {
  readonly #options: ThumbnailsOptions;
  readonly #work: BackgroundWork;
  readonly #asked = new Set<string>();
  /** Recordings whose camera has been noted: rooms change often. */
  readonly #noted = new Set<string>();

  constructor(options: ThumbnailsOptions) {
    this.#options = options;
    const { recordings, rooms, feed, assets, db, logger } = options;
    this.#work = new BackgroundWork(
      logger,
      'a picture could not be made; the next start tries again',
    );
    migrate(db, 'thumbnails', STEPS);
    rooms.on('updated', (roomId) => this.#noteCameras(roomId));
    recordings.on('firstSlice', (_recordingId, roomId) => this.#noteCameras(roomId));
    recordings.on('progress', ({ recordingId, durationMs }) => {
      if (durationMs >= FIRST_MINUTE_MS) this.#ask(recordingId);
    });
    recordings.on('changed', (_roomId, { recordingId, state }) => {
      if (state === 'ready') {
        // What was tried while it ran and failed is tried with all of it.
        this.#asked.delete(recordingId);
        this.#ask(recordingId);
      }
      if (state === 'expired') this.#takeAway(recordingId);
    });
    feed.on('deleted', (post) => {
      if (post.kind === 'stream' && post.thumbnailId !== undefined) {
        const { thumbnailId, recordingId = '' } = post;
        this.#work.add({ recordingId }, () => assets.remove(thumbnailId));
      }
    });
  }

  /** Makes what an earlier run of the studio did not come to. */
  catchUp(): void {
    for (const recordingId of this.#options.feed.recordingsWithoutPicture()) this.#ask(recordingId);
  }

  /** Resolves when nothing is left to do. */
  settled(): Promise<void> {
    return this.#work.settled();
  }

  close(): Promise<void> {
    return this.#work.close();
  }

  /** Whoever has a camera on while its room is recorded makes a recording with pictures. */
  #noteCameras(roomId: string): void {
    const { rooms, db } = this.#options;
    const room = rooms.get(roomId);
    if (room?.recordingId === undefined || room.recording !== 'recording') return;
    if (this.#noted.has(room.recordingId)) return;
    if (!rooms.participants(roomId).some(({ muted }) => !muted.video)) return;
    this.#noted.add(room.recordingId);
    db.prepare('INSERT OR IGNORE INTO recorded_cameras (recording_id) VALUES (?)').run(
      room.recordingId,
    );
  }

  #hadCamera(recordingId: string): boolean {
    const { db } = this.#options;
    const row = db
      .prepare('SELECT 1 FROM recorded_cameras WHERE recording_id = ?')
      .get(recordingId);
    return row !== undefined;
  }

  #ask(recordingId: string): void {
    if (this.#asked.has(recordingId)) return;
    if (this.#isDone(recordingId)) return;
    this.#asked.add(recordingId);
    this.#work.add({ recordingId }, () => this.#make(recordingId));
  }

  /** A recording that nobody was told of yet gets its picture with its post. */
  #isDone(recordingId: string): boolean {
    const post = this.#options.feed.postOfRecording(recordingId);
    return post === undefined || post.thumbnailId !== undefined;
  }

  async #make(recordingId: string): Promise<void> {
    const { feed, assets, ffmpegPath } = this.#options;
    if (ffmpegPath === undefined || this.#isDone(recordingId)) return;
    const run = { ffmpegPath, signal: this.#work.signal };
    const picture = await this.#pictureOf(run, recordingId);
    const post = feed.postOfRecording(recordingId);
    if (!picture || !post) return;
    const assetId = await assets.put(post.author.userId, await encodeWebp(run, picture));
    if (!feed.setThumbnail(post.postId, assetId)) await assets.remove(assetId);
  }

  async #pictureOf(
    run: { ffmpegPath: string; signal: AbortSignal },
    recordingId: string,
  ): Promise<RawPicture | undefined> {
    const media = await this.#options.recordings.sealedMedia(recordingId);
    if (!media) return undefined;
    if (this.#hadCamera(recordingId)) return sharpestOf(await posterFrames(run, media));
    const { roomId } = this.#options.recordings.library.require(recordingId);
    return drawWaveform(roomId, await loudnessOf(run, media));
  }

  #takeAway(recordingId: string): void {
    const { feed, assets } = this.#options;
    const post = feed.postOfRecording(recordingId);
    if (post?.thumbnailId === undefined) return;
    const { thumbnailId } = post;
    feed.setThumbnail(post.postId, undefined);
    this.#work.add({ recordingId }, () => assets.remove(thumbnailId));
  }
}
