import { describe, expect, onTestFinished, test } from 'vitest';
import { decodeTrackSlice } from '../../../protocol/track-slice.ts';
import type { CaptureCommand, CaptureReport } from '../../../renderer/tracks/capture-messages.ts';
import { FrameCapture, type FrameSource } from '../../../renderer/tracks/frame-capture.ts';
import type { ReceivedFrame } from '../../../renderer/tracks/received-frame.ts';

const ADA = 'peer_ada0000000';

function source(kind: 'audio' | 'video') {
  const asked: string[] = [];
  const askForKeyframe = () => void asked.push('keyframe');
  return { asked, source: { peerId: ADA, kind, askForKeyframe } satisfies FrameSource };
}

function frame(
  rtpTimestamp: number,
  more: { key?: boolean; mimeType?: string; ssrc?: number; bytes?: number } = {},
): ReceivedFrame {
  const { key = false, mimeType = 'video/VP8', ssrc = 1, bytes = 8 } = more;
  return {
    data: new Uint8Array(bytes).fill(7).buffer,
    type: key ? 'key' : 'delta',
    getMetadata: () => ({ mimeType, rtpTimestamp, synchronizationSource: ssrc, receiveTime: 5 }),
  };
}

/** A capture that somebody listens to. */
function capturing() {
  const capture = new FrameCapture();
  const { port1, port2 } = new MessageChannel();
  const reports: CaptureReport[] = [];
  const finished = Promise.withResolvers<void>();
  port1.onmessage = ({ data }: MessageEvent<CaptureReport>) => {
    reports.push(data);
    if (data.type === 'finished') finished.resolve();
  };
  onTestFinished(() => port1.close());
  const tell = (command: CaptureCommand) => port2.onmessage?.({ data: command } as MessageEvent);
  capture.begin(port2);
  async function finish() {
    tell({ type: 'finish' });
    await finished.promise;
  }
  const slices = () => reports.filter((report) => report.type === 'slice');
  return {
    ...{ capture, reports, tell, finish, slices },
    timestamps: () =>
      slices().map(({ bytes }) =>
        [...decodeTrackSlice(bytes)].flatMap((entry) =>
          entry.kind === 'frame' ? [entry.timestamp] : [],
        ),
      ),
  };
}

describe('received frames', () => {
  test('of somebody who is muted, or left out, are not kept', async () => {
    const { capture, tell, finish, timestamps } = capturing();
    const { source: voice } = source('audio');
    const opus = { mimeType: 'audio/opus' };
    capture.take(voice, frame(0, opus));
    tell({ type: 'wanted', sources: [`${ADA}/audio`] });
    capture.take(voice, frame(960, opus));
    tell({ type: 'wanted', sources: [] });
    capture.take(voice, frame(1920, opus));
    tell({ type: 'wanted', sources: [`${ADA}/audio`] });
    capture.take(voice, frame(2880, opus));
    await finish();
    expect(timestamps()).toEqual([[960, 2880]]);
  });

  test('of a camera are kept from a keyframe on, which is asked for, after a mute too', async () => {
    const { capture, tell, finish, timestamps } = capturing();
    const { source: camera, asked } = source('video');
    const wanted = [`${ADA}/video`];
    tell({ type: 'wanted', sources: wanted });
    capture.take(camera, frame(1));
    expect(asked).toHaveLength(1);
    capture.take(camera, frame(2, { key: true }));
    capture.take(camera, frame(3));
    tell({ type: 'wanted', sources: [] });
    tell({ type: 'wanted', sources: wanted });
    expect(asked).toHaveLength(2);
    capture.take(camera, frame(5));
    capture.take(camera, frame(6, { key: true }));
    await finish();
    expect(timestamps()).toEqual([[2, 3, 6]]);
  });

  test('of another stream or codec are another track', async () => {
    const { capture, tell, finish, slices, reports } = capturing();
    const { source: camera } = source('video');
    tell({ type: 'wanted', sources: [`${ADA}/video`] });
    capture.take(camera, frame(1, { key: true }));
    capture.take(camera, frame(2, { key: true, ssrc: 2 }));
    capture.take(camera, frame(3, { key: true, ssrc: 2, mimeType: 'video/H264' }));
    await finish();
    expect(slices().map(({ track }) => track.codec)).toEqual(['vp8', 'vp8', 'h264']);
    expect(new Set(slices().map(({ track }) => track.trackId)).size).toBe(3);
    expect(reports.filter(({ type }) => type === 'ended')).toHaveLength(3);
  });

  test('that can’t be kept are told of once, and absurd ones are left out', async () => {
    const { capture, tell, finish, reports, timestamps } = capturing();
    const { source: camera } = source('video');
    const { source: voice } = source('audio');
    tell({ type: 'wanted', sources: [`${ADA}/video`, `${ADA}/audio`] });
    capture.take(voice, frame(1, { mimeType: 'audio/PCMU' }));
    capture.take(voice, frame(2, { mimeType: 'audio/PCMU' }));
    capture.take(camera, frame(1, { key: true }));
    capture.take(camera, frame(2, { bytes: 5 * 1024 * 1024 }));
    capture.take(camera, frame(3));
    capture.take(camera, frame(4, { key: true }));
    await finish();
    expect(reports.filter(({ type }) => type === 'refused')).toEqual([
      { type: 'refused', peerId: ADA, why: 'audio/PCMU can’t be kept' },
    ]);
    expect(timestamps()).toEqual([[1, 4]]);
  });

  test('stay the receiver’s: a copy is kept', async () => {
    const { capture, tell, finish } = capturing();
    const { source: voice } = source('audio');
    tell({ type: 'wanted', sources: [`${ADA}/audio`] });
    const passing = frame(1, { mimeType: 'audio/opus' });
    capture.take(voice, passing);
    await finish();
    expect(passing.data.byteLength).toBe(8);
  });
});
