import { describe, expect, it } from 'vitest';
import { LivePlaylist } from '../../../main/recording/live/live-playlist.ts';
import { parsePlaylist } from '../../../main/recording/packaging/playlist.ts';
import type { ManifestSegment } from '../../../protocol/recordings.ts';

function segment(index: number, durationMs = 2000): ManifestSegment {
  const uri = `segment-${String(index).padStart(6, '0')}.m4s`;
  return { uri, durationMs, sha256: '0'.repeat(64), sizeBytes: 1 };
}

function playlistOf(count: number) {
  const segments = Array.from({ length: count }, (_, index) => segment(index));
  return { segments, playlist: new LivePlaylist({ segments, ivs: undefined }) };
}

describe('the playlist of a running recording', () => {
  it('lists all that is published, in order, and is open', () => {
    const { segments, playlist } = playlistOf(2);
    const whole = () => parsePlaylist(playlist.render({ skip: false }));
    expect(whole()).toEqual({
      entries: segments.map(({ uri, durationMs }) => ({ uri, durationMs })),
      ended: false,
    });
    segments.push(segment(2));
    expect(whole().entries).toHaveLength(3);
  });

  it('keeps its target duration while it grows, unless a segment is longer', () => {
    const { segments, playlist } = playlistOf(1);
    const target = () => /TARGETDURATION:(\d+)/.exec(playlist.render({ skip: false }))?.[1];
    expect(target()).toBe('4');
    segments.push(segment(1, 3_900));
    expect(target()).toBe('4');
    segments.push(segment(2, 7_700));
    expect(target()).toBe('8');
  });

  it('leaves out what a player has by now, but never the last 24 s', () => {
    const { playlist } = playlistOf(100);
    const delta = playlist.render({ skip: true });
    expect(delta).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=88\n');
    expect(parsePlaylist(delta).entries.map(({ uri }) => uri)).toEqual(
      Array.from({ length: 12 }, (_, index) => segment(88 + index).uri),
    );
    expect(delta).toContain('#EXT-X-MEDIA-SEQUENCE:0\n');
    expect(playlistOf(12).playlist.render({ skip: true })).not.toContain('EXT-X-SKIP');
  });

  it('gives each encrypted segment its own IV, in a delta too', () => {
    const segments = Array.from({ length: 20 }, (_, index) => segment(index));
    const ivs = segments.map((_, index) => Buffer.alloc(16, index));
    const playlist = new LivePlaylist({ segments, ivs });
    const last = `#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x${'13'.repeat(16)}\n#EXTINF:2.000000,\nsegment-000019.m4s\n`;
    expect(playlist.render({ skip: false }).endsWith(last)).toBe(true);
    expect(playlist.render({ skip: true }).endsWith(last)).toBe(true);
  });
});
