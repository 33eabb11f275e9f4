import { encodeTrackSlice, entryLength, type TrackEntry } from '../../protocol/track-slice.ts';
import type { CapturedTrack, CaptureReport } from './capture-messages.ts';

/** What waits for the next flush is at most this; a flush is due several times a second anyway. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Gathers the entries of one track and hands them over in slices. */
export class TrackSlices {
  readonly track: CapturedTrack;
  readonly #report: (report: CaptureReport, transfer: Transferable[]) => void;
  #waiting: TrackEntry[] = [];
  #waitingBytes = 0;

  constructor(
    track: CapturedTrack,
    report: (report: CaptureReport, transfer: Transferable[]) => void,
  ) {
    this.track = track;
    this.#report = report;
  }

  /** Frames' bytes must be the caller's own no longer. */
  add(entry: TrackEntry): void {
    this.#waiting.push(entry);
    this.#waitingBytes += entryLength(entry);
    if (this.#waitingBytes >= MAX_WAITING_BYTES) this.flush();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    const bytes = encodeTrackSlice(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#report({ type: 'slice', track: this.track, bytes }, [bytes.buffer]);
  }
}
