import { join } from 'node:path';
import type { Chapter, Manifest, ManifestSegment } from '../../../protocol/recordings.ts';
import { isoTime } from '../../clock.ts';
import { writeDurably } from '../journal/durable-file.ts';
import { MANIFEST_NAME, type ManifestSigner, signManifest } from '../manifest/manifest.ts';
import { checkPlaylist } from '../manifest/verify-recording.ts';
import type { PackagedMedia } from './packager.ts';
import { PLAYLIST_NAME, renderPlaylist } from './playlist.ts';

export interface FinishedRecording {
  dir: string;
  recordingId: string;
  roomId: string;
  title: string;
  /** Milliseconds since the epoch. */
  startedAtMs: number;
  media: PackagedMedia;
  chapters: readonly Chapter[];
  signer: ManifestSigner;
}

/**
 * Closes the playlist, signs the manifest and writes both; they and all they list are durable
 * afterwards. The segments' hashes were checked as each was stored, so this takes the same few
 * milliseconds after a minute and after a day.
 */
export async function finishRecording(recording: FinishedRecording): Promise<Manifest> {
  const { dir, media, chapters, signer } = recording;
  const segmentBytes = media.segments.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  const manifest = signManifest(
    {
      version: 1,
      recordingId: recording.recordingId,
      roomId: recording.roomId,
      title: recording.title,
      host: { userId: signer.userId, publicKey: signer.publicKey },
      startedAt: isoTime(recording.startedAtMs),
      durationMs: durationOf(media.segments),
      sizeBytes: media.init.sizeBytes + segmentBytes,
      encryption: media.ivs ? 'AES-128' : 'none',
      init: media.init,
      segments: [...media.segments],
      ...(chapters.length > 0 && { chapters: [...chapters] }),
    },
    signer,
  );
  const playlist = renderPlaylist({ entries: media.segments, ivs: media.ivs });
  checkPlaylist(playlist, manifest);
  await writeDurably(join(dir, PLAYLIST_NAME), Buffer.from(playlist));
  await writeDurably(join(dir, MANIFEST_NAME), Buffer.from(JSON.stringify(manifest)));
  return manifest;
}

/** How long a replay is, in whole ms. */
export function durationOf(segments: readonly ManifestSegment[]): number {
  return Math.round(segments.reduce((total, { durationMs }) => total + durationMs, 0));
}
