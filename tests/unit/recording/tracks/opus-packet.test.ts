import { expect, test } from 'vitest';
import { isStereoOpus, opusSamples } from '../../../../main/recording/tracks/opus-packet.ts';

/** A TOC byte (RFC 6716, section 3.1). */
const toc = (config: number, stereo: number, code: number) => (config << 3) | (stereo << 2) | code;

test('a packet says how long it sounds', () => {
  expect(opusSamples(Uint8Array.of(toc(1, 0, 0)))).toBe(960);
  expect(opusSamples(Uint8Array.of(toc(3, 0, 0)))).toBe(2880);
  expect(opusSamples(Uint8Array.of(toc(13, 0, 1)))).toBe(1920);
  expect(opusSamples(Uint8Array.of(toc(16, 0, 2)))).toBe(240);
  expect(opusSamples(Uint8Array.of(toc(31, 0, 3), 0b1000_0011))).toBe(2880);
  expect(opusSamples(new Uint8Array())).toBe(0);
});

test('a packet says whether it is stereo', () => {
  expect(isStereoOpus(Uint8Array.of(toc(31, 1, 0)))).toBe(true);
  expect(isStereoOpus(Uint8Array.of(toc(31, 0, 0)))).toBe(false);
});
