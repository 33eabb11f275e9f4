import { Compositor } from './compositor.ts';
import { Mixer } from './mixer.ts';
import { type ProgrammeSource, tilesOf, tracksOf } from './programme-sources.ts';
import { SILENCE_TICK_MS, Silence } from './silence.ts';
import { SliceRecorder } from './slice-recorder.ts';
import { TakeBeginning } from './take-beginning.ts';
import { TakeHead } from './take-head.ts';

/** Slices come every 0.4 s, word of pictures every 0.5 s. What says nothing for so long hangs. */
const SLICE_LIMIT_MS = 2_000;
const PICTURE_LIMIT_MS = 1_500;

/** An encoder that hangs does not answer a stop either. */
const FLUSH_LIMIT_MS = 1_500;

export interface TakeListener {
  /** The next piece of this take's WebM stream; not called any more once it has stopped. */
  slice(slice: Blob): void;
  /** It can't go on, and is to be stopped. Told once, never after `stop`. */
  broken(reason: string): void;
  /** When it began is known exactly now; where nobody asks, it is not found out. */
  began?: (() => void) | undefined;
}

/**
 * One unbroken stretch of a recording, from the participants' tracks to slices: a picture, a mix
 * and an encoder of its own, so that whatever broke in one take is not part of the next.
 */
export class Take {
  readonly #listener: TakeListener;
  readonly #compositor: Compositor;
  readonly #mixer: Mixer;
  readonly #recorder: SliceRecorder;
  readonly #head = new TakeHead();
  readonly #beginning: TakeBeginning | undefined;
  readonly #slices = new Silence(performance.now());
  readonly #pictures = new Silence(performance.now());
  #timer: ReturnType<typeof setInterval> | undefined;
  #broken = false;
  #ended = false;
  #startedAtMs: number | undefined;
  #beganAtMs: number | undefined;
  #lastSliceAtMs = 0;
  #endedAtMs: number | undefined;

  constructor(mimeType: string, listener: TakeListener) {
    this.#listener = listener;
    this.#beginning = listener.began && new TakeBeginning((atMs) => this.#began(atMs));
    this.#compositor = new Compositor({
      failed: (reason) => this.#break(`The picture could not be composed (${reason}).`),
      painted: (atMs) => {
        this.#pictures.heard();
        this.#beginning?.painted(atMs);
      },
    });
    this.#mixer = new Mixer(() => this.#break('The sound stopped.'));
    const stream = new MediaStream([this.#compositor.track, this.#mixer.track]);
    this.#recorder = new SliceRecorder(stream, mimeType, {
      slice: (slice) => this.#deliver(slice),
      failed: (reason) => this.#break(reason),
    });
  }

  /** How much it has recorded, in ms. */
  get lengthMs(): number {
    if (this.#startedAtMs === undefined) return 0;
    return Math.max(0, (this.#endedAtMs ?? performance.now()) - this.#startedAtMs);
  }

  /**
   * When it began on the host's clock, in ms since the epoch: what its stream has at zero. Some
   * 0.1 s off in its first second or two.
   */
  get beganAtMs(): number {
    if (this.#beganAtMs !== undefined) return this.#beganAtMs;
    return performance.timeOrigin + (this.#startedAtMs ?? performance.now());
  }

  /** Rejects where the browser keeps the sound off; it is to be stopped then, too. */
  async start(sources: readonly ProgrammeSource[]): Promise<void> {
    await this.#mixer.start();
    this.#recorder.start();
    this.#startedAtMs = performance.now();
    // Not before: the first picture that is painted is the first that is recorded.
    this.#compositor.start();
    this.update(sources);
    this.#slices.tick(this.#startedAtMs);
    this.#slices.heard();
    this.#pictures.heard();
    this.#timer = setInterval(() => this.#listen(), SILENCE_TICK_MS);
  }

  /** Follows who is in the room, and what of them is to be seen and heard. */
  update(sources: readonly ProgrammeSource[]): void {
    this.#compositor.update(tilesOf(sources), tracksOf(sources, 'video'));
    this.#mixer.update(tracksOf(sources, 'audio'));
  }

  /** Resolves after the last slice was handed out; an encoder that hangs is given up. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#endedAtMs ??= this.#broken ? this.#lastSliceAtMs : performance.now();
    this.#broken = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FLUSH_LIMIT_MS);
    });
    await Promise.race([this.#recorder.stop(), limit]);
    clearTimeout(timer);
    this.#ended = true;
    this.#compositor.stop();
    await this.#mixer.stop();
  }

  #deliver(bytes: Blob): void {
    if (this.#ended || bytes.size === 0) return;
    const slice = this.#head.pass(bytes);
    if (!slice) return;
    this.#slices.heard();
    this.#lastSliceAtMs = performance.now();
    this.#beginning?.slice(slice);
    this.#listener.slice(slice);
  }

  #began(atMs: number): void {
    this.#beganAtMs = atMs;
    if (!this.#ended) this.#listener.began?.();
  }

  #listen(): void {
    const nowMs = performance.now();
    if (this.#slices.tick(nowMs) >= SLICE_LIMIT_MS) {
      this.#break('The encoder stopped delivering.');
    } else if (this.#pictures.tick(nowMs) >= PICTURE_LIMIT_MS) {
      this.#break('The picture was not composed any more.');
    }
  }

  #break(reason: string): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#listener.broken(reason);
  }
}
