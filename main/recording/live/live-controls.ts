import type { AddMarker, SpaceForecast } from '../../../preload/contract.ts';
import type { RecordingLibrary } from '../library/recording-library.ts';
import type { ManifestSigner } from '../manifest/manifest.ts';
import type { RecordingSession } from '../recording-session.ts';
import { SPACE_LIMITS, SpaceWatch, type SpaceWatchOptions } from '../watch/space-watch.ts';
import { LiveRecording } from './live-recording.ts';

/** How long a window may take to flush its last slices when a recording has to end. */
const FLUSH_MS = 3_000;

export interface LiveControlsOptions extends Pick<SpaceWatchOptions, 'dir' | 'clock' | 'logger'> {
  space?: Partial<SpaceWatchOptions['limits']>;
  library: RecordingLibrary;
  signer: ManifestSigner;
  /** Throws `recording-not-found` for one that does not run. */
  running: (recordingId: string) => RecordingSession;
  sessions: ReadonlyMap<string, RecordingSession>;
  stop: (recordingId: string) => Promise<unknown>;
  paused: (roomId: string, paused: boolean) => void;
  /** A recording is to be stopped by its window while it still can. */
  mustEnd: (roomId: string) => void;
}

/** What may be done to a recording while it runs, and what watches over it. */
export class LiveControls {
  readonly space: SpaceWatch;
  readonly #options: LiveControlsOptions;
  readonly #watchable = new WeakMap<RecordingSession, LiveRecording>();

  constructor(options: LiveControlsOptions) {
    this.#options = options;
    const { dir, clock, logger, sessions } = options;
    this.space = new SpaceWatch({
      ...{ dir, clock, logger },
      limits: { ...SPACE_LIMITS, ...options.space },
      running: () => sessions,
      mustEnd: (recordingId, reason) => this.#endEarly(recordingId, reason),
    });
  }

  /** The host pauses a recording: no slices are expected meanwhile. Throws `recording-not-found`. */
  setPaused(recordingId: string, paused: boolean): void {
    this.#options.running(recordingId).setPaused(paused);
    this.#options.paused(this.#roomOf(recordingId), paused);
  }

  /** The window's recorder broke and begins anew, or works again. Throws `recording-not-found`. */
  setRestarting(recordingId: string, restarting: boolean): void {
    const { troubles } = this.#options.running(recordingId);
    if (restarting) troubles.raise('recorder-restarting');
    else troubles.clear('recorder-restarting');
  }

  /** Marks a moment. Throws `recording-not-found` unless the recording runs, `rate-limited`. */
  mark({ recordingId, ...at }: AddMarker): { markerId: number; number: number } {
    this.#options.running(recordingId);
    return this.#options.library.markers.add(recordingId, at);
  }

  /** Names a marked moment. Throws `recording-not-found` unless the recording runs. */
  labelMarker(recordingId: string, markerId: number, label: string): void {
    this.#options.running(recordingId);
    this.#options.library.markers.label(recordingId, markerId, label);
  }

  /** What viewers get of a recording that runs; `undefined` for any other. */
  watchable(recordingId: string): LiveRecording | undefined {
    const { sessions, library, signer } = this.#options;
    const session = sessions.get(recordingId);
    if (!session) return undefined;
    const known = this.#watchable.get(session);
    if (known) return known;
    const { roomId, visibility } = library.require(recordingId);
    const encryption = visibility === 'public' ? 'none' : 'AES-128';
    const live = new LiveRecording({ recordingId, roomId, encryption }, session.media, {
      signer,
      over: session.closed,
    });
    this.#watchable.set(session, live);
    return live;
  }

  /** How long the disk takes more. Throws `storage-unwritable` where it is gone. */
  forecast(): Promise<SpaceForecast> {
    return this.space.forecast();
  }

  /** Has the window flush and stop; where it does not in time, ends the recording without it. */
  #endEarly(recordingId: string, reason: string): void {
    const session = this.#options.sessions.get(recordingId);
    if (!session || session.endReason !== undefined) return;
    session.endReason = reason;
    this.#options.mustEnd(this.#roomOf(recordingId));
    const late = setTimeout(() => void this.#options.stop(recordingId), FLUSH_MS);
    session.onEnd(() => clearTimeout(late));
  }

  #roomOf(recordingId: string): string {
    return this.#options.library.require(recordingId).roomId;
  }
}
