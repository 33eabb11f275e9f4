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
import type { SealedMedia } from '../recording/export/plain-media.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import type { RoomRegistry } from '../rendezvous/room-registry.ts';
import { migrate } from '../storage/database.ts';

const STEPS = [
  `CREATE TABLE recorded_cameras (recording_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`,
];

/** Once so much was recorded there is something to show of a room that is live. */
const FIRST_SECONDS_MS = 12_000;
/** Once so much was recorded, all frames a thumbnail is chosen from are there. */
const FIRST_MINUTE_MS = 63_000;

/** A picture of a recording's first seconds, or the lasting one. */
type Wanted = 'early' | 'automatic';

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
 * a camera on, a drawing of its sound; while the minute runs, one of its first seconds. A picture
 * its author chose stays. One after the other, beside everything else; what fails is tried again
 * at the next start.
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
      if (durationMs >= FIRST_MINUTE_MS) this.#ask(recordingId, 'automatic');
      else if (durationMs >= FIRST_SECONDS_MS) this.#ask(recordingId, 'early');
    });
    recordings.on('changed', (_roomId, { recordingId, state }) => {
      if (state === 'ready') {
        // What was tried while it ran and failed is tried with all of it.
        this.#askAnew(recordingId);
      }
      if (state === 'expired') this.#takeAway(recordingId);
    });
    feed.on('pictureGone', ({ assetId, postId }) => {
      this.#work.add({ postId }, () => assets.remove(assetId));
      const post = feed.find(postId);
      if (post?.kind !== 'stream' || post.thumbnailId !== undefined) return;
      // Its author wants the automatic one again; a recording that runs asks by itself.
      if (post.recordingId === undefined) return;
      if (post.recordingState === 'ready') this.#askAnew(post.recordingId);
      else this.#forgetAsked(post.recordingId);
    });
  }

  /** Makes what an earlier run of the studio did not come to. */
  catchUp(): void {
    for (const recordingId of this.#options.feed.recordingsWithoutPicture()) {
      this.#ask(recordingId, 'automatic');
    }
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

  #askAnew(recordingId: string): void {
    this.#forgetAsked(recordingId);
    this.#ask(recordingId, 'automatic');
  }

  #forgetAsked(recordingId: string): void {
    for (const wanted of ['early', 'automatic']) this.#asked.delete(`${recordingId} ${wanted}`);
  }

  #ask(recordingId: string, wanted: Wanted): void {
    const asked = `${recordingId} ${wanted}`;
    if (this.#asked.has(asked)) return;
    if (this.#isDone(recordingId, wanted)) return;
    this.#asked.add(asked);
    this.#work.add({ recordingId }, () => this.#make(recordingId, wanted));
  }

  /** A recording that nobody was told of yet gets its picture with its post. */
  #isDone(recordingId: string, wanted: Wanted): boolean {
    const post = this.#options.feed.postOfRecording(recordingId);
    if (post === undefined) return true;
    if (post.thumbnailId === undefined) return false;
    return wanted === 'early' || post.thumbnailOrigin !== 'early';
  }

  async #make(recordingId: string, wanted: Wanted): Promise<void> {
    const { feed, assets, ffmpegPath } = this.#options;
    if (ffmpegPath === undefined || this.#isDone(recordingId, wanted)) return;
    const media = await this.#options.recordings.sealedMedia(recordingId);
    if (!media) {
      // Its first segment is not there yet: the next progress asks again.
      this.#forgetAsked(recordingId);
      return;
    }
    const run = { ffmpegPath, signal: this.#work.signal };
    const picture = await this.#pictureOf(run, recordingId, media);
    const post = feed.postOfRecording(recordingId);
    if (!picture || !post) return;
    const assetId = await assets.put(post.author.userId, await encodeWebp(run, picture));
    const isTaken = feed.setThumbnail(post.postId, { assetId, origin: wanted });
    if (!isTaken) await assets.remove(assetId);
  }

  async #pictureOf(
    run: { ffmpegPath: string; signal: AbortSignal },
    recordingId: string,
    media: SealedMedia,
  ): Promise<RawPicture | undefined> {
    if (this.#hadCamera(recordingId)) return sharpestOf(await posterFrames(run, media));
    const { roomId } = this.#options.recordings.library.require(recordingId);
    return drawWaveform(roomId, await loudnessOf(run, media));
  }

  #takeAway(recordingId: string): void {
    const { feed } = this.#options;
    const post = feed.postOfRecording(recordingId);
    if (post?.thumbnailId !== undefined) feed.setThumbnail(post.postId, undefined);
  }
}
