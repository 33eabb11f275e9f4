import {
  AppendOnlyStreamTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  FilePathTarget,
  MkvOutputFormat,
  Output,
} from 'mediabunny';
import type { TrackCodec } from '../../../protocol/tracks.ts';
import { opusSamples } from './opus-packet.ts';
import type { TrackSurvey } from './survey-track.ts';
import type { TimedFrame } from './timed-frames.ts';

/** Where a Matroska file goes: a path, with an index for seeking, or a stream as it is made. */
export type MatroskaTarget = { path: string } | { writable: WritableStream<Uint8Array> };

/** Codec strings that say what every decoder needs to know beforehand; frames say the rest. */
const VIDEO = {
  vp8: { codec: 'vp8', config: 'vp8' },
  vp9: { codec: 'vp9', config: 'vp09.00.10.08' },
  h264: { codec: 'avc', config: 'avc1.42e02a' },
  av1: { codec: 'av1', config: 'av01.0.08M.08' },
} as const satisfies Record<Exclude<TrackCodec, 'opus'>, unknown>;

/** What is to be known of a track to write it. */
export type MatroskaTrack = Pick<TrackSurvey, 'description' | 'width' | 'height' | 'stereo'>;

/**
 * Writes a track's frames as they are, gaps included, into a Matroska file of one track. The one
 * door to mediabunny in main.
 */
export async function writeMatroska(
  track: MatroskaTrack,
  frames: AsyncIterable<TimedFrame>,
  target: MatroskaTarget,
): Promise<void> {
  const output = new Output({
    format: new MkvOutputFormat({ appendOnly: 'writable' in target }),
    target:
      'path' in target
        ? new FilePathTarget(target.path)
        : new AppendOnlyStreamTarget(target.writable),
  });
  const add = sinkOf(track, output);
  await output.start();
  try {
    for await (const frame of frames) await add(frame);
    await output.finalize();
  } catch (error) {
    if (output.state !== 'canceled') await output.cancel();
    throw error;
  }
}

function sinkOf(track: MatroskaTrack, output: Output): (frame: TimedFrame) => Promise<void> {
  const { codec } = track.description;
  if (codec === 'opus') {
    const source = new EncodedAudioPacketSource('opus');
    output.addAudioTrack(source);
    const numberOfChannels = track.stereo ? 2 : 1;
    const decoderConfig = {
      ...{ codec: 'opus', sampleRate: 48_000, numberOfChannels },
      description: opusHead(numberOfChannels),
    };
    return ({ data, programmeMs }) => {
      const durationS = opusSamples(data) / 48_000;
      const packet = new EncodedPacket(data, 'key', programmeMs / 1000, durationS);
      return source.add(packet, { decoderConfig });
    };
  }
  const source = new EncodedVideoPacketSource(VIDEO[codec].codec);
  output.addVideoTrack(source);
  const decoderConfig = {
    codec: VIDEO[codec].config,
    codedWidth: track.width,
    codedHeight: track.height,
  };
  return ({ data, keyframe, programmeMs }) => {
    const packet = new EncodedPacket(data, keyframe ? 'key' : 'delta', programmeMs / 1000, 0);
    return source.add(packet, { decoderConfig });
  };
}

/** An identification header (RFC 7845, section 5.1) without pre-skip: the stream begins anywhere. */
function opusHead(channels: number): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead');
  head.writeUInt8(1, 8);
  head.writeUInt8(channels, 9);
  head.writeUInt32LE(48_000, 12);
  return head;
}
