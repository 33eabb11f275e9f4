import { TRACK_CLOCK_RATE } from '../../protocol/tracks.ts';
import { UNSETTLED_FRAMES } from './source-clock.ts';

const TICKS_PER_US = TRACK_CLOCK_RATE.audio / 1e6;

/** What is missing between two frames is missing sound from 10 ms on, and another clock from 10 s on. */
const MIN_GAP_TICKS = 480;
const MAX_GAP_TICKS = 480_000;

/** What of an `AudioData` is needed to tell the time. */
export interface SoundSpan {
  /** Microseconds. */
  timestamp: number;
  numberOfFrames: number;
  sampleRate: number;
}

/**
 * Timestamps of sound that is encoded here, in ticks of 48 kHz from its first sample on. Chromium
 * (156) gives a track processor's first frames timestamps of another origin than all later ones,
 * and its encoder counts on from the first: so samples are counted, and the frames' own timestamps
 * tell only what was left out between two of them.
 */
export class SoundClock {
  #fedFrames = 0;
  #fedTicks = 0;
  #missingTicks = 0;
  #last: { timestamp: number; ticks: number } | undefined;
  /** From which sample on how much had been left out before. */
  readonly #gaps: { fromTicks: number; missingTicks: number }[] = [];

  /** The next frame goes into the encoder; answers when it begins. */
  feed({ timestamp, numberOfFrames, sampleRate }: SoundSpan): number {
    const last = this.#last;
    const ticks = (numberOfFrames * TRACK_CLOCK_RATE.audio) / sampleRate;
    const gap = last ? (timestamp - last.timestamp) * TICKS_PER_US - last.ticks : 0;
    if (this.#fedFrames >= UNSETTLED_FRAMES && gap >= MIN_GAP_TICKS && gap < MAX_GAP_TICKS) {
      this.#missingTicks += gap;
      this.#gaps.push({ fromTicks: this.#fedTicks, missingTicks: this.#missingTicks });
    }
    const startTicks = this.#fedTicks + this.#missingTicks;
    this.#last = { timestamp, ticks };
    this.#fedFrames += 1;
    this.#fedTicks += ticks;
    return startTicks;
  }

  /** When a packet begins, so many microseconds of sound after the first one's beginning. */
  encoded(sinceFirstUs: number): number {
    const ticks = sinceFirstUs * TICKS_PER_US;
    const gap = this.#gaps.findLast(({ fromTicks }) => fromTicks <= ticks);
    return ticks + (gap?.missingTicks ?? 0);
  }
}
