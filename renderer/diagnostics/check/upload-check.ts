import { MAX_UPLOAD_PROBE_BYTES } from '../../../protocol/upload-probe.ts';
import { type ConnectionCheck, failed, fine, skipped, warning } from './connection-check.ts';

/** Enough to leave TCP's slow start behind on a slow line, and little on any. */
const FIRST_PROBE_BYTES = 128 * 1024;

/** The second probe is as large as the line sends in this time, so that slow lines don't wait. */
const SECOND_PROBE_MS = 1500;

/** What one more person costs (protocol, "Bandwidth"): 720p with sound, and sound alone. */
const VIDEO_BITS_PER_S = 1_800_000;
const AUDIO_BITS_PER_S = 45_000;

/** Above this the probe is over before the line is full. */
const FASTEST_BITS_PER_S = 100_000_000;

export const uploadCheck: ConnectionCheck = {
  id: 'upload',
  title: 'Upload',
  limitMs: 20_000,
  late: warning(
    'Sending 128 KiB to the node took more than 20 s. Expect pictures to freeze: join with sound alone, or use another network.',
  ),
  async run(environment, { roundTripMs = 0, iceServers }, signal) {
    if (environment.sameComputer) {
      return skipped('The node is on this computer, so there is no line to measure.');
    }
    if (!iceServers) return skipped('Enter your name first: only people the node knows may send.');
    const rate = async (bytes: number) =>
      bitsPerSecond(bytes, (await environment.upload(bytes, signal)) - roundTripMs);
    const first = await rate(FIRST_PROBE_BYTES);
    const bytes = Math.floor(Math.min(MAX_UPLOAD_PROBE_BYTES, (first / 8000) * SECOND_PROBE_MS));
    return judgeUpload(bytes > FIRST_PROBE_BYTES ? await rate(bytes) : first);
  },
};

/** What an upload to the node is good for. The way to the other people may be better or worse. */
export function judgeUpload(bits: number) {
  const speed = `About ${megabits(bits)} to the node`;
  if (bits < 2 * AUDIO_BITS_PER_S) {
    return failed(`${speed}: hardly enough for sound. Use another network.`);
  }
  if (bits < VIDEO_BITS_PER_S) {
    return warning(
      `${speed}: enough for sound, and for a small picture. Turn the camera off if others see it freeze.`,
    );
  }
  const people = Math.floor(bits / VIDEO_BITS_PER_S);
  if (people > 6) return fine(`${speed}: enough for sound and picture in any room.`);
  const whom = people === 1 ? 'one other person' : `${people} other people`;
  return fine(`${speed}: enough for your picture at its best to ${whom}.`);
}

function bitsPerSecond(bytes: number, ms: number): number {
  return Math.min(FASTEST_BITS_PER_S, (bytes * 8000) / Math.max(ms, 1));
}

function megabits(bits: number): string {
  if (bits >= FASTEST_BITS_PER_S) return '100 Mbit/s or more';
  return bits < 1_000_000
    ? `${Math.round(bits / 1000)} kbit/s`
    : `${(bits / 1e6).toFixed(1)} Mbit/s`;
}
