import { hostClockMs } from '../media/host-clock.ts';
import type { CapturedTrack, CaptureReport, RawFrames, TrackKind } from './capture-messages.ts';
import { newTrackId } from './new-track-id.ts';
import {
  type OwnEncoder,
  type OwnFrame,
  openAudioEncoder,
  openVideoEncoder,
} from './own-encoders.ts';
import { SourceClock } from './source-clock.ts';
import { TrackSlices } from './track-slices.ts';

const TIMESTAMPS = 2 ** 32;
/** How often it is noted when a source's frame was there. */
const PLAYED_INTERVAL_MS = 500;

type RawFrame = VideoFrame | AudioData;
type Report = (report: CaptureReport, transfer?: Transferable[]) => void;

/**
 * One raw source of this window's, encoded until it ends or is stopped. A picture of another size
 * or sound of another kind is another encoder, and so another track.
 */
export class OwnTrack {
  readonly #source: { peerId: string; kind: TrackKind };
  readonly #report: Report;
  readonly #reader: ReadableStreamDefaultReader<RawFrame>;
  readonly done: Promise<void>;
  #encoder: OwnEncoder<RawFrame> | undefined;
  #slices: TrackSlices | undefined;
  #shape = '';
  #clock = new SourceClock();
  #notedAtMs: number | undefined;

  constructor(source: { peerId: string; kind: TrackKind }, readable: RawFrames, report: Report) {
    this.#source = source;
    this.#report = report;
    this.#reader = (readable as ReadableStream<RawFrame>).getReader();
    this.done = this.#run();
  }

  flush(): void {
    this.#slices?.flush();
  }

  takeBegan(take: number, atMs: number): void {
    this.#slices?.add({ kind: 'take', take, atMs });
  }

  /** Encodes what it holds and ends; `done` resolves then. */
  async stop(): Promise<void> {
    await this.#reader.cancel();
    await this.done;
  }

  async #run(): Promise<void> {
    try {
      for (;;) {
        const { value: frame, done } = await this.#reader.read();
        if (done) break;
        try {
          await this.#encode(frame);
        } finally {
          frame.close();
        }
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    } finally {
      await this.#endTrack();
    }
  }

  async #encode(frame: RawFrame): Promise<void> {
    const shape = shapeOf(frame);
    if (shape !== this.#shape) {
      await this.#endTrack();
      this.#shape = shape;
      await this.#open(frame);
    }
    const ticks = this.#encoder?.encode(frame);
    const atMs = this.#clock.capturedAtMs(frame.timestamp, hostClockMs());
    if (ticks === undefined || atMs === undefined) return;
    // Not the first: it waited for the encoder to open, and its clock knows no shorter delay yet.
    this.#notedAtMs ??= atMs;
    if (atMs - this.#notedAtMs < PLAYED_INTERVAL_MS) return;
    this.#notedAtMs = atMs;
    this.#slices?.add({ kind: 'played', timestamp: rtpTimestamp(ticks), atMs });
  }

  async #open(frame: RawFrame): Promise<void> {
    const outlet = {
      frame: (own: OwnFrame) => this.#keep(own),
      failed: (reason: string) => this.#fail(reason),
    };
    this.#encoder =
      'codedWidth' in frame
        ? await openVideoEncoder(frame, outlet)
        : await openAudioEncoder(frame, outlet);
    const track: CapturedTrack = {
      trackId: newTrackId(),
      ...this.#source,
      codec: this.#encoder.codec,
    };
    this.#slices = new TrackSlices(track, this.#report);
    this.#clock = new SourceClock();
    this.#notedAtMs = undefined;
  }

  #keep({ ticks, ...frame }: OwnFrame): void {
    const timestamp = rtpTimestamp(ticks);
    this.#slices?.add({ kind: 'frame', ...frame, timestamp, atMs: hostClockMs() });
  }

  async #endTrack(): Promise<void> {
    const encoder = this.#encoder;
    const slices = this.#slices;
    if (!encoder || !slices) return;
    await encoder.flush().catch((error) => this.#fail(String(error)));
    encoder.close();
    slices.flush();
    this.#encoder = undefined;
    this.#slices = undefined;
    this.#report({ type: 'ended', trackId: slices.track.trackId });
  }

  #fail(why: string): void {
    this.#report({ type: 'refused', peerId: this.#source.peerId, why });
  }
}

/** 32 bits, as RTP has them. */
function rtpTimestamp(ticks: number): number {
  return ((Math.round(ticks) % TIMESTAMPS) + TIMESTAMPS) % TIMESTAMPS;
}

function shapeOf(frame: RawFrame): string {
  return 'codedWidth' in frame
    ? `${frame.codedWidth}x${frame.codedHeight}`
    : `${frame.sampleRate}/${frame.numberOfChannels}`;
}
