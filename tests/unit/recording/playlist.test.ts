import { describe, expect, it } from 'vitest';
import { parsePlaylist, renderPlaylist } from '../../../main/recording/packaging/playlist.ts';

const FFMPEG = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-PLAYLIST-TYPE:EVENT
#EXT-X-MAP:URI="init.mp4"
#EXTINF:2.000000,
segment-000000.m4s
#EXTINF:1.980469,
segment-000001.m4s
`;

const entries = [
  { uri: 'segment-000000.m4s', durationMs: 2000 },
  { uri: 'segment-000001.m4s', durationMs: 1980.469 },
];

describe('a playlist', () => {
  it('of ffmpeg is read while it grows and when it has ended', () => {
    expect(parsePlaylist(FFMPEG)).toEqual({ entries, ended: false });
    expect(parsePlaylist(`${FFMPEG}#EXT-X-ENDLIST\n`)).toEqual({ entries, ended: true });
    expect(parsePlaylist(FFMPEG.replaceAll('\n', '\r\n')).entries).toEqual(entries);
    expect(parsePlaylist('')).toEqual({ entries: [], ended: false });
  });

  it('of ours says the same, and is closed', () => {
    const closed = renderPlaylist({ entries, ivs: undefined });
    expect(parsePlaylist(closed)).toEqual({ entries, ended: true });
    expect(closed).not.toContain('EXT-X-KEY');
    expect(closed).toContain('#EXT-X-PLAYLIST-TYPE:VOD\n');
    expect(closed.endsWith('#EXT-X-ENDLIST\n')).toBe(true);
  });

  it('gives each encrypted segment its IV, and leaves the init segment readable', () => {
    const ivs = [Buffer.alloc(16, 0xab), Buffer.alloc(16, 0x01)];
    const lines = renderPlaylist({ entries, ivs }).split('\n');
    const map = lines.indexOf('#EXT-X-MAP:URI="init.mp4"');
    const keys = lines.filter((line) => line.startsWith('#EXT-X-KEY'));
    expect(keys).toEqual([
      `#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x${'ab'.repeat(16)}`,
      `#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x${'01'.repeat(16)}`,
    ]);
    expect(map).toBeLessThan(lines.findIndex((line) => line.startsWith('#EXT-X-KEY')));
  });

  it('announces the length of its longest segment, as players demand', () => {
    const long = [...entries, { uri: 'segment-000002.m4s', durationMs: 7600 }];
    expect(renderPlaylist({ entries: long, ivs: undefined })).toContain(
      '#EXT-X-TARGETDURATION:8\n',
    );
  });
});
