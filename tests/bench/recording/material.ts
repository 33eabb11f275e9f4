import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  blockIn,
  ELEMENT,
  elementAt,
  readBlockHead,
  readUnsigned,
} from '../../../main/recording/takes/matroska-elements.ts';

const run = promisify(execFile);

/** As the window's recorder asks for slices. */
export const SLICE_MS = 400;

/**
 * What a recorder makes of a 720p room: Matroska, H.264 at 2.5 Mbit/s with a keyframe every 2 s,
 * Opus, blocks in the order of their times.
 */
export async function makeClip(dir: string, ffmpegPath: string, seconds: number): Promise<string> {
  const path = join(dir, 'clip.mkv');
  await run(ffmpegPath, [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30,noise=alls=8:allf=t'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', String(seconds)],
    ...['-c:v', 'libx264', '-preset', 'superfast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    ...['-b:v', '2500k', '-maxrate', '2500k', '-bufsize', '2500k'],
    ...['-g', '60', '-keyint_min', '60', '-sc_threshold', '0'],
    ...['-c:a', 'libopus', '-b:a', '128k', '-cluster_time_limit', '400', '-live', '1', path],
  ]);
  return path;
}

/** The clip over and over by copying, its clock going on. */
export async function repeatClip(
  ffmpegPath: string,
  clip: string,
  seconds: number,
): Promise<string> {
  const path = `${clip}.${seconds}.mkv`;
  await run(ffmpegPath, [
    ...['-v', 'error', '-y', '-stream_loop', '-1', '-i', clip, '-t', String(seconds)],
    ...['-c', 'copy', '-live', '1', path],
  ]);
  return path;
}

/** Cuts a recorder's stream every {@link SLICE_MS} of media, between two frames. */
export async function timedSlices(path: string): Promise<Buffer[]> {
  const bytes = await readFile(path);
  const slices: Buffer[] = [];
  let sliceStart = 0;
  let clusterMs = 0;
  let clusterStart = 0;
  for (let at = 0; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    if (typeof element === 'string') throw new Error(`The material is ${element} at byte ${at}.`);
    const content = bytes.subarray(at + element.headerBytes, at + element.totalBytes);
    if (element.id === ELEMENT.cluster) clusterStart = at;
    if (element.id === ELEMENT.timestamp) clusterMs = readUnsigned(content);
    const ticks = ticksOf(element.id, content);
    if (ticks !== undefined && clusterMs + ticks >= (slices.length + 1) * SLICE_MS) {
      // A cluster that begins with this frame goes with it.
      const first = ticks === 0 && clusterStart > sliceStart ? clusterStart : at;
      slices.push(bytes.subarray(sliceStart, first));
      sliceStart = first;
    }
    at += element.totalBytes;
  }
  return [...slices, bytes.subarray(sliceStart)];
}

function ticksOf(id: number, content: Buffer): number | undefined {
  if (id === ELEMENT.simpleBlock) return readBlockHead(content)?.ticks;
  if (id !== ELEMENT.blockGroup) return undefined;
  const block = blockIn(content);
  return block && readBlockHead(block)?.ticks;
}
