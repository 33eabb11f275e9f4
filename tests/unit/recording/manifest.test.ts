import { describe, expect, it } from 'vitest';
import { readManifest, signManifest } from '../../../main/recording/manifest/manifest.ts';
import { checkPlaylist } from '../../../main/recording/manifest/verify-recording.ts';
import { renderPlaylist } from '../../../main/recording/packaging/playlist.ts';
import type { ManifestPayload } from '../../../protocol/recordings.ts';
import { newSigner } from '../../integration/recording/recorded-room.ts';

const signer = newSigner();
const file = { sha256: 'ab'.repeat(32), sizeBytes: 1000 };
const payload: ManifestPayload = {
  version: 1,
  recordingId: 'rec_0123456789abcdef',
  roomId: 'room_0123456789abcdef',
  title: 'Größe: €, 日本, 🎬',
  host: { userId: signer.userId, publicKey: signer.publicKey },
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 3980.469,
  sizeBytes: 3000,
  encryption: 'none',
  init: { uri: 'init.mp4', ...file },
  segments: [
    { uri: 'segment-000000.m4s', ...file, durationMs: 2000 },
    { uri: 'segment-000001.m4s', ...file, durationMs: 1980.469 },
  ],
};

describe('a signed manifest', () => {
  it('is accepted, also with its members in another order', () => {
    const manifest = signManifest(payload, signer);
    const reordered = Object.fromEntries(Object.entries(manifest).reverse());
    expect(readManifest(JSON.stringify(reordered, null, 2), signer.publicKey)).toEqual(manifest);
  });

  it.each([
    ['another title', { title: 'x' }],
    ['another duration', { durationMs: 1 }],
    ['a segment less', { segments: payload.segments.slice(1) }],
    ['no encryption', { encryption: 'AES-128' }],
  ])('is refused with %s', (_what, change) => {
    const text = JSON.stringify({ ...signManifest(payload, signer), ...change });
    expect(() => readManifest(text, signer.publicKey)).toThrow(/signature/);
  });

  it.each([
    ['no JSON', '{', 'the document'],
    ['no signature', JSON.stringify(payload), 'signature'],
    [
      'an absurd size',
      JSON.stringify({ ...signManifest(payload, signer), sizeBytes: -1 }),
      'sizeBytes',
    ],
  ])('is refused with %s', (_what, text, field) => {
    expect(() => readManifest(text, signer.publicKey)).toThrow(
      expect.objectContaining({
        code: 'recording-damaged',
        message: expect.stringContaining(field),
      }),
    );
  });
});

describe('a playlist that belongs to a manifest', () => {
  const manifest = signManifest(payload, signer);
  const playlist = renderPlaylist({ entries: payload.segments, ivs: undefined });

  it('lists the same segments with the same lengths', () => {
    expect(() => checkPlaylist(playlist, manifest)).not.toThrow();
  });

  it.each([
    ['is not closed', playlist.replace('#EXT-X-ENDLIST\n', ''), /not closed/],
    ['lists one less', playlist.replace('segment-000001.m4s\n', ''), /1 segments/],
    ['lists another length', playlist.replace('1.980469', '1.900000'), /segment-000001/],
  ])('is refused when it %s', (_what, text, reason) => {
    expect(() => checkPlaylist(text, manifest)).toThrow(reason);
  });
});
