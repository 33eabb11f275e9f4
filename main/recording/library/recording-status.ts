import type { RecordingStatus } from '../../../protocol/recordings.ts';
import { isoTime } from '../../clock.ts';
import { MANIFEST_NAME } from '../manifest/manifest.ts';
import { PLAYLIST_NAME } from '../packaging/playlist.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { defaultRetainUntil } from './retention.ts';

/**
 * What clients are told of a recording. Addresses are relative to the node.
 *
 * @param live what can be watched of one that is still being made
 */
export function statusOf(
  entry: CatalogueEntry,
  retentionDays: number,
  live?: { durationMs: number; sizeBytes: number },
): RecordingStatus {
  const { durationMs, sizeBytes } = live ?? entry;
  const retainUntilMs = entry.retainUntilMs ?? defaultRetainUntil(entry.startedAtMs, retentionDays);
  return {
    state: entry.state,
    recordingId: entry.recordingId,
    title: entry.title,
    hostUserId: entry.hostUserId,
    visibility: entry.visibility,
    startedAt: isoTime(entry.startedAtMs),
    manifestUrl: `/replays/${entry.recordingId}/${MANIFEST_NAME}`,
    playlistUrl: `/replays/${entry.recordingId}/${PLAYLIST_NAME}`,
    durationMs: Math.round(durationMs),
    sizeBytes,
    retainUntil: isoTime(retainUntilMs),
    pinned: entry.pinned,
    recovered: entry.recovered,
    ...(entry.downloadable && { downloadable: true }),
    ...(entry.error !== undefined && { error: entry.error }),
  };
}
