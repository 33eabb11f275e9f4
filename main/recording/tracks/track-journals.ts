import { ProtocolError } from '../../../protocol/errors.ts';
import { decodeTrackSlice } from '../../../protocol/track-slice.ts';
import type { TrackDescription } from '../../../protocol/tracks.ts';
import type { Clock } from '../../clock.ts';
import { JournalWriter } from '../journal/journal-writer.ts';
import type { RecordingKeys } from '../keys/recording-keys.ts';
import type { RecordingFolder } from '../recording-folder.ts';

/**
 * Tracks that one recording may have: a full room of 12 with two kinds each, where everybody comes
 * back ten times. Each is a file of its own.
 */
export const MAX_TRACKS = 240;

/** Tracks written at a time; each holds a file open. */
export const MAX_OPEN_TRACKS = 64;

interface OpenTrack {
  journal: JournalWriter;
  description: TrackDescription;
}

/**
 * The separate tracks of a recording that runs, a journal for each: encrypted, hashed and synced
 * as the programme's. The first slice of a journal says what the track is, the others are the
 * window's.
 */
export class TrackJournals {
  readonly #folder: RecordingFolder;
  readonly #keys: RecordingKeys;
  readonly #clock: Clock;
  readonly #open = new Map<string, OpenTrack>();
  readonly #known = new Set<string>();
  #endedBytes = 0;

  constructor(folder: RecordingFolder, keys: RecordingKeys, clock: Clock) {
    this.#folder = folder;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Bytes of tracks that lie safely on disk. */
  get writtenBytes(): number {
    const open = [...this.#open.values()].map(({ journal }) => journal.plainBytes);
    return open.reduce((sum, bytes) => sum + bytes, this.#endedBytes);
  }

  /**
   * Begins a track. The same description again is acknowledged. Throws `validation-failed` for an
   * id that is taken, `rate-limited` beyond {@link MAX_TRACKS} or {@link MAX_OPEN_TRACKS},
   * `storage-full` and `storage-unwritable`.
   */
  async begin(description: TrackDescription): Promise<void> {
    const { trackId } = description;
    const known = this.#open.get(trackId);
    if (known && JSON.stringify(known.description) === JSON.stringify(description)) return;
    if (this.#known.has(trackId)) {
      throw new ProtocolError('validation-failed', 'There is another track of this id.', [
        { path: 'trackId', message: 'is taken' },
      ]);
    }
    if (this.#known.size >= MAX_TRACKS || this.#open.size >= MAX_OPEN_TRACKS) {
      throw new ProtocolError(
        'rate-limited',
        'This recording has as many separate tracks as it can hold. The programme goes on; stop and record again for new tracks.',
      );
    }
    this.#known.add(trackId);
    try {
      await this.#folder.createTracks();
      const journal = await JournalWriter.create(
        this.#folder.trackPath(trackId),
        this.#keys.track(trackId),
      );
      await journal.append(0, Buffer.from(JSON.stringify(description)), this.#clock());
      this.#open.set(trackId, { journal, description });
    } catch (error) {
      this.#known.delete(trackId);
      throw error;
    }
  }

  /**
   * Resolves once the slice would survive a power cut. Throws `recording-not-found` for a track
   * that was not begun or has ended, `validation-failed` for a gap or for bytes that are not a
   * slice, and as `JournalWriter.append`.
   *
   * @param seq 0, 1, 2, … of this track's slices
   */
  async append(trackId: string, seq: number, bytes: Uint8Array): Promise<void> {
    const track = this.#open.get(trackId);
    if (!track) {
      throw new ProtocolError(
        'recording-not-found',
        'There is no such track in this recording. Begin it first.',
      );
    }
    requireSlice(bytes);
    await track.journal.append(seq + 1, bytes, this.#clock());
  }

  /** Nothing more will come of a track. Idempotent. */
  async end(trackId: string): Promise<void> {
    const track = this.#open.get(trackId);
    this.#open.delete(trackId);
    if (!track) return;
    await track.journal.close();
    this.#endedBytes += track.journal.plainBytes;
  }

  /** Lets go of all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((trackId) => this.end(trackId)));
  }
}

function requireSlice(bytes: Uint8Array): void {
  try {
    for (const _entry of decodeTrackSlice(bytes));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ProtocolError('validation-failed', error.message, [
      { path: 'bytes', message: 'must be a slice of a track' },
    ]);
  }
}
