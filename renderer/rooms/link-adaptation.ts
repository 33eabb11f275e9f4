import { FULL_QUALITY, type LinkQuality, limitAt, nextQuality } from './link-quality.ts';
import { type LinkSample, readLinkSample } from './link-sample.ts';
import { FIRST_FRAME_MS, type VideoLimit } from './video-limit.ts';

/** Often enough to get out of the voice's way soon, seldom enough to cost nothing. */
const SAMPLE_MS = 3_000;

/** The connection that is watched. */
export interface Adaptable {
  stats(): Promise<RTCStatsReport | undefined>;
  setVideoLimit(limit: VideoLimit): void;
}

/** Keeps what one connection sends within what the room allows and its path carries. */
export class LinkAdaptation {
  readonly #connection: Adaptable;
  readonly #sampled: (sample: LinkSample) => void;
  #room: VideoLimit | undefined;
  #quality: LinkQuality = FULL_QUALITY;
  #previous: LinkSample | undefined;
  #applied: VideoLimit | undefined;
  /** Runs while the first frames have the way to themselves. */
  #firstFrameTimer: number | undefined;
  #sampleTimer: number | undefined;
  #stopped = false;

  /** @param sampled told of every sample. */
  constructor(connection: Adaptable, sampled: (sample: LinkSample) => void) {
    this.#connection = connection;
    this.#sampled = sampled;
  }

  /** What the room allows each camera. */
  setRoomLimit(limit: VideoLimit): void {
    this.#room = limit;
    this.#apply();
  }

  /** The connection stands; after its first frames it may send all that the room allows. */
  start(): void {
    if (this.#sampleTimer !== undefined) return;
    this.#firstFrameTimer = setTimeout(() => {
      this.#firstFrameTimer = undefined;
      this.#apply();
    }, FIRST_FRAME_MS) as unknown as number;
    this.#sampleTimer = setInterval(() => this.sample(), SAMPLE_MS) as unknown as number;
    this.sample();
  }

  /** Measures now, and between times: after a restart the path may be another. */
  sample(): void {
    this.#measure().catch((error) => console.info('This connection can’t be measured.', error));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#firstFrameTimer);
    clearInterval(this.#sampleTimer);
  }

  async #measure(): Promise<void> {
    const report = await this.#connection.stats();
    if (!report || this.#stopped) return;
    const sample = readLinkSample(report, this.#previous);
    this.#previous = sample;
    if (this.#room && this.#applied) {
      this.#quality = nextQuality(this.#quality, sample, this.#room);
      this.#apply();
    }
    this.#sampled(sample);
  }

  #apply(): void {
    const isEarly = this.#sampleTimer === undefined || this.#firstFrameTimer !== undefined;
    if (!this.#room || isEarly || this.#stopped) return;
    const limit = limitAt(this.#quality.step, this.#room);
    if (this.#applied && isSame(limit, this.#applied)) return;
    this.#applied = limit;
    this.#connection.setVideoLimit(limit);
  }
}

function isSame(one: VideoLimit, other: VideoLimit): boolean {
  return (
    one.maxHeight === other.maxHeight &&
    one.maxBitrate === other.maxBitrate &&
    one.maxFramerate === other.maxFramerate
  );
}
