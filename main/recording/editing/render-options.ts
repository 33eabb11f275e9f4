/** A stretch of the programme without pictures, in ms from its start. */
export interface Gap {
  fromMs: number;
  toMs: number;
}

/** Frames a second of pictures that were made for editors. */
const FRAME_RATE = 30;
/** Gaps that are drawn black, at most: a command has an end. */
const MAX_BLACK_GAPS = 500;

/**
 * Sound is made ten times denser before it is played faster or slower: ffmpeg's `asetrate` takes
 * whole samples a second, and at 48 kHz one more or less would be 21 ppm, 150 ms in two hours.
 */
const DENSE_RATE = 480_000;

/** Sound leaves its place by this before it is put back, in seconds: one packet, and some jitter. */
const TOLERANCE_S = 0.03;

/**
 * How much faster than the host's a sender's clock is taken to run, as a factor: the nearest one
 * that {@link audioOptions} can make up for.
 */
export function playbackRate(driftPpm: number): number {
  return Math.round(DENSE_RATE * (1 + driftPpm / 1e6)) / DENSE_RATE;
}

/**
 * Sound that begins at the programme's start, with silence where there is none.
 *
 * @param rate as {@link playbackRate}: what comes in is in the sender's time, which is the
 *   programme's times this. Stretching by ffmpeg's own `aresample=async` is no good: 5.1 puts in
 *   seconds of noughts when it begins.
 */
export function audioOptions(rate: number): string[] {
  const inPlace = `aresample=async=1:min_hard_comp=${TOLERANCE_S}:first_pts=0`;
  const atRate = [`aresample=${DENSE_RATE}`, `asetrate=${Math.round(DENSE_RATE * rate)}`];
  return [
    ...['-af', [inPlace, ...(rate === 1 ? [] : atRate), 'aresample=48000'].join(',')],
    // Beyond 4 GB a WAV file needs the 64-bit form (EBU Tech 3306).
    ...['-c:a', 'pcm_s16le', '-rf64', 'auto', '-f', 'wav'],
  ];
}

/**
 * Pictures of one size at a constant rate, from the programme's start: black where there are
 * none. That is what every editor opens; what WebRTC sends is neither.
 */
export function videoOptions(size: { width: number; height: number }, gaps: readonly Gap[]) {
  const [width, height] = [size.width + (size.width % 2), size.height + (size.height % 2)];
  const black = gaps
    .slice(0, MAX_BLACK_GAPS)
    .map(({ fromMs, toMs }) => `between(t\\,${seconds(fromMs)}\\,${seconds(toMs)})`)
    .join('+');
  const filters = [
    `scale=${width}:${height}:force_original_aspect_ratio=decrease`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:eval=frame`,
    'setsar=1',
    `fps=${FRAME_RATE}:start_time=0`,
    ...(black ? [`drawbox=color=black:t=fill:enable=${black}`] : []),
  ];
  return [
    ...['-vf', filters.join(',')],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p'],
    // A keyframe a second: an editor jumps about.
    ...['-g', String(FRAME_RATE), '-movflags', '+faststart', '-f', 'mp4'],
  ];
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
