/// <reference path="../ambient/insertable-streams.d.ts" />
import type { CompositorCommand, CompositorReport, PictureFormat } from './compositor-messages.ts';
import { FramePace } from './frame-pace.ts';
import { FrameSource } from './frame-source.ts';
import { TilePainter } from './tile-painter.ts';

/** Puts the room's pictures together, away from the window's main thread. */
class Composition {
  readonly #pace: FramePace;
  readonly #canvas: OffscreenCanvas;
  readonly #painter: TilePainter;
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  readonly #report: (report: CompositorReport) => void;
  readonly #sources = new Map<string, FrameSource>();
  readonly #startedAtMs = performance.now();
  #timer: number | undefined;
  #dueAtMs = performance.now();

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

  setTiles(tiles: Parameters<TilePainter['setTiles']>[0]): void {
    this.#painter.setTiles(tiles);
  }

  addSource(id: string, readable: ReadableStream<VideoFrame>): void {
    this.removeSource(id);
    this.#sources.set(id, new FrameSource(readable));
  }

  removeSource(id: string): void {
    this.#sources.get(id)?.close();
    this.#sources.delete(id);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const id of [...this.#sources.keys()]) this.removeSource(id);
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
    } catch (error) {
      this.#fail(error);
    }
  }

  #write(): void {
    // The encoder is behind: this picture is left out, the next one is newer.
    if ((this.#writer.desiredSize ?? 0) <= 0) return;
    this.#painter.paint((id) => this.#sources.get(id)?.latest);
    const timestamp = Math.round((performance.now() - this.#startedAtMs) * 1000);
    const frame = new VideoFrame(this.#canvas, { timestamp, alpha: 'discard' });
    this.#writer.write(frame).catch((error) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#report({
      type: 'failed',
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

let composition: Composition | undefined;

/** The window hands over a port first, then speaks through it. */
addEventListener('message', ({ ports: [port] }: MessageEvent) => {
  if (!port) return;
  const report = (message: CompositorReport) => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<CompositorCommand>) => obey(data, report);
});

function obey(command: CompositorCommand, report: (report: CompositorReport) => void): void {
  switch (command.type) {
    case 'start':
      composition = new Composition(command.format, command.writable, report);
      return;
    case 'tiles':
      composition?.setTiles(command.tiles);
      return;
    case 'source':
      composition?.addSource(command.id, command.readable);
      return;
    case 'source-gone':
      composition?.removeSource(command.id);
      return;
    case 'stop':
      void composition?.stop().catch((error) => {
        report({ type: 'failed', message: String(error) });
      });
      composition = undefined;
      return;
  }
}
