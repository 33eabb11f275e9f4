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
 * The playlist of a recording that is done (RFC 8216). With `ivs` (one per segment) the segments
 * are AES-128 encrypted.
 */
export function renderPlaylist(playlist: {
  entries: readonly PlaylistEntry[];
  ivs: readonly Uint8Array[] | undefined;
}): string {
  const longestMs = Math.max(2000, ...playlist.entries.map((entry) => entry.durationMs));
  return [
    ...playlistHead({ version: 7, type: 'VOD', targetDurationS: Math.round(longestMs / 1000) }),
    ...playlist.entries.map((entry, index) => segmentLines(entry, playlist.ivs?.[index])),
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}

/**
 * What stands before a playlist's segments. `EXT-X-MAP` comes before the first `EXT-X-KEY`, so the
 * key does not apply to the init segment.
 */
export function playlistHead(head: {
  version: 7 | 9;
  type: 'VOD' | 'EVENT';
  /** Whole seconds. */
  targetDurationS: number;
  /** Further tags, as they are. */
  tags?: readonly string[];
}): string[] {
  return [
    '#EXTM3U',
    `#EXT-X-VERSION:${head.version}`,
    `#EXT-X-TARGETDURATION:${head.targetDurationS}`,
    ...(head.tags ?? []),
    '#EXT-X-MEDIA-SEQUENCE:0',
    `#EXT-X-PLAYLIST-TYPE:${head.type}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${INIT_URI}"`,
  ];
}

/** A segment's lines, with the IV it is encrypted under, where it is. */
export function segmentLines(entry: PlaylistEntry, iv: Uint8Array | undefined): string {
  const media = `#EXTINF:${(entry.durationMs / 1000).toFixed(6)},\n${entry.uri}`;
  if (!iv) return media;
  const hex = Buffer.from(iv).toString('hex');
  return `#EXT-X-KEY:METHOD=AES-128,URI="${KEY_URI}",IV=0x${hex}\n${media}`;
}
