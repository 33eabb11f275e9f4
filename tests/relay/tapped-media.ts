import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface RtpPacket {
  marker: boolean;
  timestamp: number;
  payload: Buffer;
}

/** What the relay got of one kind, a list for each track, without empty padding packets. */
export async function tapped(folder: string, kind: 'audio' | 'video'): Promise<RtpPacket[][]> {
  const names = (await readdir(folder)).filter(
    (name) => name.startsWith(`${kind}-`) && name.endsWith('.rtp'),
  );
  return Promise.all(names.map(async (name) => packetsOf(await readFile(join(folder, name)))));
}

function packetsOf(file: Buffer): RtpPacket[] {
  const packets: RtpPacket[] = [];
  for (let at = 0; at + 2 <= file.length; ) {
    const length = file.readUInt16BE(at);
    const packet = readPacket(file.subarray(at + 2, at + 2 + length));
    // The last one may be half written.
    if (at + 2 + length <= file.length && packet.payload.length > 0) packets.push(packet);
    at += 2 + length;
  }
  return packets;
}

/** RFC 3550, section 5.1. */
function readPacket(packet: Buffer): RtpPacket {
  const first = packet.readUInt8(0);
  const hasPadding = (first & 0x20) !== 0;
  const hasExtension = (first & 0x10) !== 0;
  let at = 12 + (first & 0x0f) * 4;
  if (hasExtension) at += 4 + packet.readUInt16BE(at + 2) * 4;
  const end = packet.length - (hasPadding ? packet.readUInt8(packet.length - 1) : 0);
  return {
    marker: (packet.readUInt8(1) & 0x80) !== 0,
    timestamp: packet.readUInt32BE(4),
    payload: packet.subarray(at, end),
  };
}

/**
 * The middle colour of the first picture that a VP8 decoder makes of a track, as red, green and
 * blue; `undefined` where it makes none.
 */
export async function firstColour(
  packets: readonly RtpPacket[],
  folder: string,
): Promise<readonly number[] | undefined> {
  const ivf = join(folder, 'track.ivf');
  await writeFile(ivf, ivfOf(framesOf(packets)));
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-v', 'error', '-i', ivf, '-frames:v', '1'],
      ...['-vf', 'crop=16:16,scale=1:1', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'],
    ],
    { encoding: 'buffer' },
  ).catch(() => ({ stdout: Buffer.alloc(0) }));
  return stdout.length >= 3 ? [...stdout.subarray(0, 3)] : undefined;
}

/** Frames from the first keyframe on, put together from their packets (RFC 7741). */
function framesOf(packets: readonly RtpPacket[]): Buffer[] {
  const frames: Buffer[] = [];
  let parts: Buffer[] = [];
  for (const { payload, marker } of packets) {
    const body = payload.subarray(descriptorBytes(payload));
    const begins = (payload.readUInt8(0) & 0x10) !== 0 && (payload.readUInt8(0) & 0x07) === 0;
    if (begins) parts = [];
    parts.push(body);
    if (!marker) continue;
    const frame = Buffer.concat(parts);
    const isKeyframe = frame.length > 10 && (frame.readUInt8(0) & 1) === 0;
    if (isKeyframe || frames.length > 0) frames.push(frame);
    parts = [];
  }
  return frames;
}

/** RFC 7741, section 4.2. */
function descriptorBytes(payload: Buffer): number {
  let at = 1;
  if ((payload.readUInt8(0) & 0x80) === 0) return at;
  const extension = payload.readUInt8(at);
  at += 1;
  if (extension & 0x80) at += payload.readUInt8(at) & 0x80 ? 2 : 1;
  if (extension & 0x40) at += 1;
  if (extension & 0x30) at += 1;
  return at;
}

function ivfOf(frames: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(32);
  header.write('DKIF', 0);
  header.writeUInt16LE(32, 6);
  header.write('VP80', 8);
  header.writeUInt16LE(frames[0]?.readUInt16LE(6) ?? 0, 12);
  header.writeUInt16LE(frames[0]?.readUInt16LE(8) ?? 0, 14);
  header.writeUInt32LE(30, 16);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(frames.length, 24);
  const records = frames.flatMap((frame, index) => {
    const record = Buffer.alloc(12);
    record.writeUInt32LE(frame.length, 0);
    record.writeBigUInt64LE(BigInt(index), 4);
    return [record, frame];
  });
  return Buffer.concat([header, ...records]);
}

/** A camera that shows one colour, and a microphone that hears nothing. */
export async function makePlainCamera(folder: string, colour: string) {
  const video = join(folder, 'plain.y4m');
  const audio = join(folder, 'plain.wav');
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `color=${colour}:s=640x360:r=15`],
    ...['-t', '2', '-pix_fmt', 'yuv420p', '-f', 'yuv4mpegpipe', video],
  ]);
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=mono'],
    ...['-t', '2', '-c:a', 'pcm_s16le', audio],
  ]);
  return { video, audio };
}
