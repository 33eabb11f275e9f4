import { TRACK_CLOCK_RATE, type TrackCodec } from '../../protocol/tracks.ts';
import { SoundClock } from './sound-clock.ts';

/** An encoded frame on its way to a track. */
export interface OwnFrame {
  keyframe: boolean;
  width: number;
  height: number;
  /** On the source's own clock, in ticks of `TRACK_CLOCK_RATE`. */
  ticks: number;
  data: Uint8Array;
}

/** Turns the raw frames of one source into encoded ones. */
export interface OwnEncoder<F extends VideoFrame | AudioData> {
  readonly codec: TrackCodec;
  /** Encodes a frame, which is still the caller's to close; answers its ticks. */
  encode(frame: F): number;
  flush(): Promise<void>;
  close(): void;
}

/** Generous: this copy is for editing. About 0.1 bit per pixel at 30 frames a second. */
const BITS_PER_PIXEL_SECOND = 3;
const AUDIO_BITRATE = 128_000;
const KEYFRAME_INTERVAL_US = 2_000_000;
/** Pictures that may wait for the encoder; a machine that is behind leaves some out. */
const MAX_QUEUE = 3;

/** Constrained Baseline to level 4.2, which editors open without converting; VP8 else. */
const VIDEO_CODECS = [
  { codec: 'h264', config: { codec: 'avc1.42E02A', avc: { format: 'annexb' } } },
  { codec: 'vp8', config: { codec: 'vp8' } },
] as const satisfies { codec: TrackCodec; config: Pick<VideoEncoderConfig, 'codec' | 'avc'> }[];

interface Outlet {
  frame(frame: OwnFrame): void;
  failed(reason: string): void;
}

/** An encoder for pictures of this size. Throws where the browser has none. */
export async function openVideoEncoder(
  { codedWidth, codedHeight }: VideoFrame,
  outlet: Outlet,
): Promise<OwnEncoder<VideoFrame>> {
  // Encoders want even sizes.
  const size = { width: codedWidth & ~1, height: codedHeight & ~1 };
  const bitrate = size.width * size.height * BITS_PER_PIXEL_SECOND;
  for (const { codec, config } of VIDEO_CODECS) {
    const wanted = { ...config, ...size, bitrate, latencyMode: 'realtime' } as const;
    const { supported } = await VideoEncoder.isConfigSupported(wanted);
    if (supported) return videoEncoder(codec, wanted, outlet);
  }
  throw new Error('This browser encodes neither H.264 nor VP8.');
}

function videoEncoder(
  codec: TrackCodec,
  config: VideoEncoderConfig,
  outlet: Outlet,
): OwnEncoder<VideoFrame> {
  const { width, height } = config;
  const encoder = new VideoEncoder({
    output: (chunk) =>
      outlet.frame({ ...encoded(chunk), width, height, ticks: pictureTicks(chunk.timestamp) }),
    error: ({ message }) => outlet.failed(message),
  });
  encoder.configure(config);
  let keyframeAtUs = Number.NEGATIVE_INFINITY;
  return {
    codec,
    encode(frame) {
      const ticks = pictureTicks(frame.timestamp);
      if (encoder.state !== 'configured' || encoder.encodeQueueSize >= MAX_QUEUE) return ticks;
      const keyFrame = frame.timestamp - keyframeAtUs >= KEYFRAME_INTERVAL_US;
      if (keyFrame) keyframeAtUs = frame.timestamp;
      encoder.encode(frame, { keyFrame });
      return ticks;
    },
    flush: () => flush(encoder),
    close: () => close(encoder),
  };
}

/** An encoder for sound like this. Throws where the browser has none. */
export async function openAudioEncoder(
  { sampleRate, numberOfChannels, timestamp: firstUs }: AudioData,
  outlet: Outlet,
): Promise<OwnEncoder<AudioData>> {
  const config = { codec: 'opus', sampleRate, numberOfChannels, bitrate: AUDIO_BITRATE };
  const { supported } = await AudioEncoder.isConfigSupported(config);
  if (!supported) throw new Error(`This browser can’t encode sound of ${sampleRate} Hz as Opus.`);
  const clock = new SoundClock();
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const ticks = clock.encoded(chunk.timestamp - firstUs);
      outlet.frame({ ...encoded(chunk), width: 0, height: 0, ticks });
    },
    error: ({ message }) => outlet.failed(message),
  });
  encoder.configure(config);
  return {
    codec: 'opus',
    encode(data) {
      if (encoder.state === 'configured') encoder.encode(data);
      return clock.feed(data);
    },
    flush: () => flush(encoder),
    close: () => close(encoder),
  };
}

function encoded(chunk: EncodedVideoChunk | EncodedAudioChunk) {
  const data = new Uint8Array(chunk.byteLength);
  chunk.copyTo(data);
  return { keyframe: chunk.type === 'key', data };
}

function pictureTicks(timestampUs: number): number {
  return (timestampUs * TRACK_CLOCK_RATE.video) / 1e6;
}

async function flush(encoder: VideoEncoder | AudioEncoder): Promise<void> {
  if (encoder.state === 'configured') await encoder.flush();
}

function close(encoder: VideoEncoder | AudioEncoder): void {
  if (encoder.state !== 'closed') encoder.close();
}
