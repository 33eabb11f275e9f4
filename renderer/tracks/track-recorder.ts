import type { TrackDescription } from '../../protocol/tracks.ts';
import type { Bridge } from '../bridge/bridge.ts';
import type { ProgrammeSource } from '../media/programme-sources.ts';
import type { StartedTake } from '../media/take-sequence.ts';
import { CaptureLine } from './capture-line.ts';
import { type CapturedTrack, type CaptureReport, sourceName } from './capture-messages.ts';
import type { FrameTaps } from './frame-tap.ts';
import { OwnTracks } from './own-tracks.ts';
import { TrackShelf } from './track-shelf.ts';

/** How often it is noted which frames were heard and seen last. */
const PLAYED_INTERVAL_MS = 500;

export interface TrackRecorderOptions {
  bridge: Pick<Bridge, 'call'>;
  recordingId: string;
  /** The take that is under way. */
  take: StartedTake;
  /**
   * Where the room's encoded frames come from now: others once the room was entered anew, one more
   * while it is relayed.
   */
  taps: () => readonly FrameTaps[];
  /** Told with a sentence when a track is not kept any more; the programme goes on. */
  problem(sentence: string): void;
}

/**
 * Keeps each participant's sound and picture apart from the programme: what is received as it was
 * encoded by its sender, one's own encoded here at full quality.
 */
export class TrackRecorder {
  readonly #options: TrackRecorderOptions;
  readonly #shelf: TrackShelf;
  readonly #own: OwnTracks;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #lines = new Map<FrameTaps, CaptureLine>();
  #sources: readonly ProgrammeSource[] = [];
  #take: StartedTake;
  #paused = false;
  #troubled = false;

  constructor(options: TrackRecorderOptions) {
    this.#options = options;
    this.#take = options.take;
    const { bridge, recordingId } = options;
    this.#shelf = new TrackShelf({ bridge, recordingId, failed: (why) => this.#trouble(why) });
    this.#own = new OwnTracks((report) => this.#hear(report));
    this.#timer = setInterval(() => this.#notePlayed(), PLAYED_INTERVAL_MS);
  }

  /** Follows who is in the room. Nobody is kept who is muted, by themselves or by a moderator. */
  update(sources: readonly ProgrammeSource[]): void {
    this.#sources = sources;
    this.#follow();
  }

  /** The programme stands still, and so do the tracks. */
  pause(): void {
    this.#paused = true;
    this.#follow();
  }

  /** The programme goes on with this take. */
  resume(take: StartedTake): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.takeBegan(take);
    this.#follow();
  }

  /** A take began, or it is known better when the one that is under way did. */
  takeBegan(take: StartedTake): void {
    this.#take = take;
    for (const line of [...this.#lines.values(), this.#own.line]) {
      line.tell({ type: 'take', take: take.take, atMs: take.takeStartedAtMs });
    }
  }

  /** Hands over what was captured; resolves when it is on disk, or can't be brought there. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const lines = [...this.#lines.values()];
    await Promise.all([...lines.map((line) => line.finish()), this.#own.stop()]);
    await this.#shelf.drained();
  }

  #follow(): void {
    this.#followTaps();
    const wanted = this.#paused ? [] : this.#sources.filter(({ local }) => !local).flatMap(audible);
    for (const line of this.#lines.values()) line.tell({ type: 'wanted', sources: wanted });
    this.#own.update(this.#paused ? undefined : this.#sources.find(({ local }) => local));
  }

  /** Answers whether there are others than before. */
  #followTaps(): boolean {
    const taps = this.#options.taps();
    const gone = [...this.#lines.keys()].filter((known) => !taps.includes(known));
    const come = taps.filter((tap) => !this.#lines.has(tap));
    for (const tap of gone) {
      void this.#lines.get(tap)?.finish();
      this.#lines.delete(tap);
    }
    for (const tap of come) {
      const line = new CaptureLine(
        (port) => tap.capture(port),
        (report) => this.#hear(report),
      );
      this.#lines.set(tap, line);
    }
    return gone.length + come.length > 0;
  }

  #notePlayed(): void {
    if (this.#followTaps()) this.#follow();
    for (const [tap, line] of this.#lines) {
      for (const played of tap.played()) line.tell({ type: 'played', ...played });
    }
  }

  #hear(report: CaptureReport): void {
    switch (report.type) {
      case 'slice':
        this.#shelf.push(report.track.trackId, report.bytes, () => this.#describe(report.track));
        return;
      case 'ended':
        this.#shelf.end(report.trackId);
        return;
      case 'refused':
        this.#trouble(`${this.#nameOf(report.peerId)}: ${report.why}`);
        return;
      case 'finished':
        return;
    }
  }

  #describe(track: CapturedTrack): TrackDescription {
    return { ...track, name: this.#nameOf(track.peerId), ...this.#take };
  }

  #nameOf(peerId: string): string {
    return this.#sources.find((source) => source.peerId === peerId)?.name ?? peerId;
  }

  /** Told once: what goes wrong with one track mostly goes wrong with all. */
  #trouble(why: string): void {
    console.warn('A separate track is not kept any more.', why);
    if (this.#troubled) return;
    this.#troubled = true;
    this.#options.problem(
      `Not every participant is kept as a separate track any more (${why}). The recording itself goes on.`,
    );
  }
}

function audible({ peerId, audioMuted, videoMuted }: ProgrammeSource): string[] {
  return [
    ...(audioMuted ? [] : [sourceName(peerId, 'audio')]),
    ...(videoMuted ? [] : [sourceName(peerId, 'video')]),
  ];
}
