/** Longest name in UTF-8 bytes: most file systems take 255, and " (12).mp4" is to fit. */
const MAX_NAME_BYTES = 180;

/**
 * Names that Windows keeps for devices, with whatever extension
 * (learn.microsoft.com/windows/win32/fileio/naming-a-file).
 */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * Control characters, halves of surrogate pairs, what turns the direction of writing, and what
 * Windows refuses. Joiners stay: emoji and whole scripts are written with them.
 */
const REFUSED =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff<>:"/\\|?*]+/gu;

/**
 * A file name for a recording, without extension, e.g. `Chor am Abend 2026-01-31`: the title in
 * whatever script it is, less what a file system somewhere refuses.
 *
 * @param startedAt ISO 8601
 */
export function exportName(title: string, startedAt: string): string {
  return `${fileNamePart(title, 'Recording')} ${startedAt.slice(0, 10)}`;
}

/** A title or a person's name as a part of a file name; `fallback` where nothing of it is left. */
export function fileNamePart(name: string, fallback: string): string {
  const cleaned = name
    .normalize('NFC')
    .replaceAll(REFUSED, ' ')
    .replaceAll(/\s+/g, ' ')
    // Hidden on one system, dropped on another.
    .replace(/^[. ]+/, '')
    .replace(/[. ]+$/, '');
  const kept = cleaned === '' || RESERVED.test(cleaned) ? `${fallback} ${cleaned}`.trim() : cleaned;
  return cut(kept);
}

/** The most whole characters (as people see them) that fit. */
function cut(name: string): string {
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    if (Buffer.byteLength(kept + segment) > MAX_NAME_BYTES) break;
    kept += segment;
  }
  return kept.trim();
}
