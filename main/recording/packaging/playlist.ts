/** A media segment as a playlist lists it. */
export interface PlaylistEntry {
  uri: string;
  durationMs: number;
}

/** What ffmpeg's playlist says. */
export interface ParsedPlaylist {
  entries: PlaylistEntry[];
  /** `EXT-X-ENDLIST` is there: nothing will be added. */
  ended: boolean;
}

/** Name of the init segment (`EXT-X-MAP`); it is never encrypted. */
export const INIT_URI = 'init.mp4';
export const PLAYLIST_NAME = 'index.m3u8';
/** Where a replay's segment key is fetched, relative to its playlist. */
export const KEY_URI = 'key';

/** Reads what is needed of a media playlist (RFC 8216 section 4.3). */
export function parsePlaylist(text: string): ParsedPlaylist {
  const entries: PlaylistEntry[] = [];
  let durationMs = 0;
  let ended = false;
  for (const line of text.split(/\r?\n/)) {
    const duration = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    if (duration) durationMs = Number(duration) * 1000;
    else if (line === '#EXT-X-ENDLIST') ended = true;
    else if (line && !line.startsWith('#')) entries.push({ uri: line, durationMs });
  }
  return { entries, ended };
}

/**
 * Our own playlist (RFC 8216). With `ivs` (one per segment) the segments are AES-128 encrypted;
 * `EXT-X-MAP` stands before the first `EXT-X-KEY`, so the key does not apply to the init segment.
 */
export function renderPlaylist(playlist: {
  entries: readonly PlaylistEntry[];
  ended: boolean;
  ivs: readonly Uint8Array[] | undefined;
}): string {
  const longestMs = Math.max(2000, ...playlist.entries.map((entry) => entry.durationMs));
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${Math.round(longestMs / 1000)}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${playlist.ended ? 'VOD' : 'EVENT'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${INIT_URI}"`,
  ];
  for (const [index, entry] of playlist.entries.entries()) {
    const iv = playlist.ivs?.[index];
    if (iv) {
      const hex = Buffer.from(iv).toString('hex');
      lines.push(`#EXT-X-KEY:METHOD=AES-128,URI="${KEY_URI}",IV=0x${hex}`);
    }
    lines.push(`#EXTINF:${(entry.durationMs / 1000).toFixed(6)},`, entry.uri);
  }
  if (playlist.ended) lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}
