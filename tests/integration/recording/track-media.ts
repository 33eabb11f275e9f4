import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { encodeTrackSlice, type TrackEntry } from '../../../protocol/track-slice.ts';
import { TRACK_CLOCK_RATE, type TrackDescription } from '../../../protocol/tracks.ts';

const run = promisify(execFile);

/** An encoded frame as a sender makes it. */
export interface SentFrame {
  atMs: number;
  keyframe: boolean;
  data: Uint8Array;
}

/** Flashes and beeps for 100 ms at each whole second, black and silent between. */
const FLASHES = "drawbox=t=fill:color=white:enable='lt(mod(t\\,1)\\,0.1)'";
const BEEPS = "volume='lt(mod(t\\,1)\\,0.1)':eval=frame";

/** Frames of a picture in VP8, 30 a second, a keyframe every 2 s; it flashes at each second. */
export async function vp8Frames(seconds: number, size = '320x180'): Promise<SentFrame[]> {
  return framesOf([
    ...['-f', 'lavfi', '-i', `color=black:s=${size}:r=30`, '-t', String(seconds), '-vf', FLASHES],
    ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '60'],
    ...['-lag-in-frames', '0', '-auto-alt-ref', '0'],
  ]);
}

/** Packets of a tone in Opus, 20 ms each; it beeps at each second. */
export async function opusFrames(seconds: number): Promise<SentFrame[]> {
  return framesOf([
    ...['-f', 'lavfi', '-i', 'sine=frequency=1000:sample_rate=48000', '-t', String(seconds)],
    ...['-af', `asetnsamples=480,${BEEPS}`, '-c:a', 'libopus', '-application', 'lowdelay'],
  ]);
}

async function framesOf(options: string[]): Promise<SentFrame[]> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', ...options, '-f', 'webm', 'pipe:1'], {
    encoding: 'buffer',
    maxBuffer: 1024 ** 3,
  });
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(stdout) });
  const [track] = await input.getTracks();
  if (!track) throw new Error('ffmpeg made no track.');
  const frames: SentFrame[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const { timestamp, type, data } = packet;
    frames.push({ atMs: Math.round(timestamp * 1000), keyframe: type === 'key', data });
  }
  return frames;
}

/** How a participant's frames reach the host. */
export interface Journey {
  kind: 'audio' | 'video';
  /** The host's clock when the frame of the sender's 0 ms was played. */
  playedFromMs: number;
  /** RTP timestamp of the sender's 0 ms. */
  firstTimestamp?: number;
  /** How much faster the sender's clock runs than the host's. */
  driftPpm?: number;
  size?: { width: number; height: number };
}

const PLAYED_EVERY_MS = 500;
const ARRIVES_BEFORE_MS = 60;

/** What the window would keep of frames that made this journey. */
export function entriesOf(frames: readonly SentFrame[], journey: Journey): TrackEntry[] {
  const { kind, playedFromMs, firstTimestamp = 0, driftPpm = 0, size } = journey;
  let playedAtMs = Number.NEGATIVE_INFINITY;
  return frames.flatMap(({ atMs: sentMs, keyframe, data }) => {
    const ticks = Math.round((sentMs * TRACK_CLOCK_RATE[kind]) / 1000);
    const timestamp = (firstTimestamp + ticks) % 2 ** 32;
    const hostMs = playedFromMs + sentMs / (1 + driftPpm / 1e6);
    const { width, height } = (keyframe && size) || { width: 0, height: 0 };
    const atMs = hostMs - ARRIVES_BEFORE_MS;
    const entries: TrackEntry[] = [
      { kind: 'frame', keyframe, width, height, timestamp, atMs, data },
    ];
    if (sentMs - playedAtMs >= PLAYED_EVERY_MS) {
      playedAtMs = sentMs;
      entries.push({ kind: 'played', timestamp, atMs: hostMs });
    }
    return entries;
  });
}

/** Slices of so many entries each. */
export function trackSlices(entries: readonly TrackEntry[], each = 20): Uint8Array[] {
  return Array.from({ length: Math.ceil(entries.length / each) }, (_, index) =>
    encodeTrackSlice(entries.slice(index * each, (index + 1) * each)),
  );
}

/** A track of Ada's, from the programme's start on. */
export function trackOf(overrides: Partial<TrackDescription> = {}): TrackDescription {
  return {
    trackId: `trk_${randomBytes(12).toString('base64url')}`,
    peerId: 'peer_ada0000000',
    name: 'Ada',
    kind: 'audio',
    codec: overrides.kind === 'video' ? 'vp8' : 'opus',
    ...{ take: 0, takeStartedAtMs: 1_000_000 },
    ...overrides,
  };
}
