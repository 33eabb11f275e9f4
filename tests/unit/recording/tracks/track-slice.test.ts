import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeTrackSlice,
  encodeTrackSlice,
  type TrackEntry,
} from '../../../../protocol/track-slice.ts';
import { trackCodecOf } from '../../../../protocol/tracks.ts';

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const uint16 = fc.integer({ min: 0, max: 65_535 });
const time = fc.double({ min: 1, max: 1e13, noNaN: true });
const entry: fc.Arbitrary<TrackEntry> = fc.oneof(
  fc.record({
    kind: fc.constant('frame' as const),
    ...{ keyframe: fc.boolean(), width: uint16, height: uint16, timestamp: uint32, atMs: time },
    data: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  }),
  fc.record({ kind: fc.constant('played' as const), timestamp: uint32, atMs: time }),
  fc.record({ kind: fc.constant('take' as const), take: uint32, atMs: time }),
);

test('what goes into a slice comes out of it', () => {
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      expect([...decodeTrackSlice(encodeTrackSlice(entries))]).toEqual(entries);
    }),
  );
});

test('no bytes make it do anything but answer entries or refuse', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        for (const found of decodeTrackSlice(bytes)) expect(found.atMs).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});

test('a slice that was cut anywhere is refused', () => {
  const data = Uint8Array.of(1, 2, 3);
  const frame = { keyframe: true, width: 2, height: 2, timestamp: 0, atMs: 5, data };
  const slice = encodeTrackSlice([{ kind: 'frame', ...frame }]);
  for (let length = 1; length < slice.length; length += 1) {
    expect(() => [...decodeTrackSlice(slice.subarray(0, length))]).toThrow(RangeError);
  }
});

test('codecs are known by their MIME types, and those that can’t be kept are not', () => {
  expect(
    ['audio/opus', 'video/VP8', 'video/VP9', 'video/H264', 'video/AV1'].map(trackCodecOf),
  ).toEqual(['opus', 'vp8', 'vp9', 'h264', 'av1']);
  expect(['audio/PCMU', 'video/H265', 'video/rtx', 'opus', ''].map(trackCodecOf)).toEqual(
    Array(5).fill(undefined),
  );
});
