import { type TrackCodec, trackCodecOf } from '../../protocol/tracks.ts';
import { hostClockMs } from '../media/host-clock.ts';
import {
  type CaptureCommand,
  type CaptureReport,
  sourceName,
  type TrackKind,
} from './capture-messages.ts';
import { newTrackId } from './new-track-id.ts';
import type { ReceivedFrame } from './received-frame.ts';
import { TrackSlices } from './track-slices.ts';

/** How often what was captured leaves for the disk: at most a second is lost with the process. */
const FLUSH_MS = 400;

/** A frame beyond this is no picture anybody sends: 4 MiB at 30 a second would be 1 Gbit/s. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/** One receiver's frames, from its first to its last. */
export interface FrameSource {
  peerId: string;
  kind: TrackKind;
  /** Asks the sender for a picture that needs no other. */
  askForKeyframe(): void;
}

interface Taken {
  slices: TrackSlices;
  ssrc: number;
  codec: TrackCodec;
  /** Pictures are kept from the next keyframe on. */
  needsKeyframe: boolean;
}

/**
 * Keeps copies of received frames while a window wants them. Lives in whichever worker the frames
 * pass through; a frame costs one comparison while nobody wants any.
 */
export class FrameCapture {
  #port: MessagePort | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #wanted: ReadonlySet<string> = new Set();
  readonly #taken = new Map<FrameSource, Taken>();
  readonly #refused = new Set<FrameSource>();

  /** Captures for whoever holds the other end of this port, until told to finish. */
  begin(port: MessagePort): void {
    this.#end();
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<CaptureCommand>) => this.#obey(data);
    this.#timer = setInterval(() => this.#flush(), FLUSH_MS);
  }

  /** A frame passes, decrypted. It is the caller's again afterwards. */
  take(source: FrameSource, frame: ReceivedFrame): void {
    if (this.#port && this.#wanted.has(sourceName(source.peerId, source.kind))) {
      this.#keep(source, frame);
    }
  }

  /** No more frames come from there. */
  gone(source: FrameSource): void {
    this.#endTrack(source);
    this.#refused.delete(source);
  }

  #keep(source: FrameSource, frame: ReceivedFrame): void {
    const metadata = frame.getMetadata();
    const taken = this.#trackOf(source, metadata);
    const keyframe = source.kind === 'audio' || frame.type === 'key';
    if (!taken || (taken.needsKeyframe && !keyframe)) return;
    const { data } = frame;
    taken.needsKeyframe = data.byteLength > MAX_FRAME_BYTES;
    if (taken.needsKeyframe || data.byteLength === 0) return;
    const { rtpTimestamp = 0, receiveTime, width = 0, height = 0 } = metadata;
    taken.slices.add({
      kind: 'frame',
      ...{ keyframe, width, height, timestamp: rtpTimestamp },
      atMs: receiveTime === undefined ? hostClockMs() : performance.timeOrigin + receiveTime,
      data: new Uint8Array(data.slice(0)),
    });
  }

  /** Another stream or codec is another track: its timestamps begin anew. */
  #trackOf(
    source: FrameSource,
    { mimeType = '', synchronizationSource: ssrc = 0 }: ReturnType<ReceivedFrame['getMetadata']>,
  ): Taken | undefined {
    const known = this.#taken.get(source);
    const codec = trackCodecOf(mimeType);
    if (known?.ssrc === ssrc && known.codec === codec) return known;
    this.#endTrack(source);
    if (!codec) {
      this.#refuse(source, mimeType);
      return undefined;
    }
    const { peerId, kind } = source;
    const track = { trackId: newTrackId(), peerId, kind, codec };
    const slices = new TrackSlices(track, (report, transfer) => this.#report(report, transfer));
    const taken = { slices, ssrc, codec, needsKeyframe: kind === 'video' };
    this.#taken.set(source, taken);
    if (taken.needsKeyframe) source.askForKeyframe();
    return taken;
  }

  #obey(command: CaptureCommand): void {
    switch (command.type) {
      case 'wanted':
        this.#want(new Set(command.sources));
        return;
      case 'played': {
        const { ssrc, timestamp, atMs } = command;
        for (const taken of this.#taken.values()) {
          if (taken.ssrc === ssrc) taken.slices.add({ kind: 'played', timestamp, atMs });
        }
        return;
      }
      case 'take':
        for (const { slices } of this.#taken.values()) {
          slices.add({ kind: 'take', take: command.take, atMs: command.atMs });
        }
        return;
      case 'finish':
        this.#end();
        return;
    }
  }

  /** What was not wanted for a while is kept from its next keyframe on. */
  #want(wanted: ReadonlySet<string>): void {
    for (const [source, taken] of this.#taken) {
      const name = sourceName(source.peerId, source.kind);
      if (source.kind !== 'video' || !wanted.has(name) || this.#wanted.has(name)) continue;
      taken.needsKeyframe = true;
      source.askForKeyframe();
    }
    this.#wanted = wanted;
  }

  #flush(): void {
    for (const [source, { slices, needsKeyframe }] of this.#taken) {
      slices.flush();
      const wanted = this.#wanted.has(sourceName(source.peerId, source.kind));
      // The request may have been lost on its way.
      if (needsKeyframe && wanted) source.askForKeyframe();
    }
  }

  #endTrack(source: FrameSource): void {
    const taken = this.#taken.get(source);
    if (!taken) return;
    this.#taken.delete(source);
    taken.slices.flush();
    this.#report({ type: 'ended', trackId: taken.slices.track.trackId });
  }

  #refuse(source: FrameSource, mimeType: string): void {
    if (this.#refused.has(source)) return;
    this.#refused.add(source);
    this.#report({ type: 'refused', peerId: source.peerId, why: `${mimeType} can’t be kept` });
  }

  #report(report: CaptureReport, transfer: Transferable[] = []): void {
    this.#port?.postMessage(report, transfer);
  }

  #end(): void {
    clearInterval(this.#timer);
    for (const source of [...this.#taken.keys()]) this.#endTrack(source);
    this.#refused.clear();
    this.#wanted = new Set();
    this.#report({ type: 'finished' });
    this.#port?.close();
    this.#port = undefined;
  }
}
