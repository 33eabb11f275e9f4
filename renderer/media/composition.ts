/// <reference path="../ambient/insertable-streams.d.ts" />
import type { CompositorReport, PictureFormat } from './compositor-messages.ts';
import { FramePace } from './frame-pace.ts';
import { FrameSource } from './frame-source.ts';
import { hostClockMs } from './host-clock.ts';
import type { TileSpec } from './programme-sources.ts';
import { TilePainter } from './tile-painter.ts';

/** How often the window is told that the composition lives. */
const REPORT_MS = 500;

/**
 * Puts the room's pictures together; in a worker, away from the window's main thread. Every frame
 * it reads or makes is closed again, however the composition ends: cameras stall for want of
 * frames that are not given back.
 */
export class Composition {
  readonly #pace: FramePace;
  readonly #canvas: OffscreenCanvas;
  readonly #painter: TilePainter;
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  readonly #report: (report: CompositorReport) => void;
  readonly #sources = new Map<string, FrameSource>();
  readonly #startedAtMs = performance.now();
  #timer: number | undefined;
  #dueAtMs = performance.now();
  #reportedAtMs = 0;
  /** Pictures written since the last report. */
  #paintedAtMs: number[] = [];

  constructor(
    format: PictureFormat,
    writable: WritableStream<VideoFrame>,
    report: (report: CompositorReport) => void,
  ) {
    this.#pace = new FramePace(format.framesPerSecond);
    this.#canvas = new OffscreenCanvas(format.width, format.height);
    this.#painter = new TilePainter(this.#canvas, format);
    this.#writer = writable.getWriter();
    this.#report = report;
    this.#next();
  }

  setTiles(tiles: readonly TileSpec[]): void {
    this.#painter.setTiles(tiles);
  }

  /** See {@link TilePainter.setFont}. */
  setFont(family: string): void {
    this.#painter.setFont(family);
  }

  addSource(id: string, readable: ReadableStream<VideoFrame>): void {
    this.removeSource(id);
    const source = new FrameSource(readable);
    // It was on its way when the composition ended.
    if (this.#timer === undefined) source.close();
    else this.#sources.set(id, source);
  }

  removeSource(id: string): void {
    this.#sources.get(id)?.close();
    this.#sources.delete(id);
  }

  async stop(): Promise<void> {
    this.#release();
    await this.#writer.close();
    this.#report({ type: 'stopped' });
  }

  /** Each picture is due one interval after the last was, however late that one came. */
  #next(): void {
    const { intervalMs } = this.#pace;
    const lateMs = performance.now() - this.#dueAtMs;
    const missed = Math.max(0, Math.floor(lateMs / intervalMs));
    this.#pace.painted(missed);
    this.#dueAtMs += (missed + 1) * intervalMs;
    const waitMs = this.#dueAtMs - performance.now();
    this.#timer = setTimeout(() => this.#paint(), waitMs) as unknown as number;
  }

  #paint(): void {
    try {
      this.#write();
      this.#next();
      this.#sayAlive();
    } catch (error) {
      this.#fail(error);
    }
  }

  #sayAlive(): void {
    const nowMs = performance.now();
    if (nowMs - this.#reportedAtMs < REPORT_MS) return;
    this.#reportedAtMs = nowMs;
    this.#report({ type: 'painting', paintedAtMs: this.#paintedAtMs });
    this.#paintedAtMs = [];
  }

  #write(): void {
    // The encoder is behind: this picture is left out, the next one is newer.
    if ((this.#writer.desiredSize ?? 0) <= 0) return;
    this.#painter.paint((id) => this.#sources.get(id)?.latest);
    const timestamp = Math.round((performance.now() - this.#startedAtMs) * 1000);
    const frame = new VideoFrame(this.#canvas, { timestamp, alpha: 'discard' });
    this.#paintedAtMs.push(hostClockMs());
    // The track closes the frames it takes. One that it refuses, or that still waits when the
    // stream breaks, is left to us.
    this.#writer
      .write(frame)
      .catch((error) => this.#fail(error))
      .finally(() => frame.close());
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const id of [...this.#sources.keys()]) this.removeSource(id);
  }

  #fail(error: unknown): void {
    if (this.#timer === undefined) return;
    this.#release();
    this.#report({
      type: 'failed',
      message: error instanceof Error ? error.message : String(error),
    });
  }
}
