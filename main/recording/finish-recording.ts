import { join } from 'node:path';
import type { Manifest } from '../../protocol/recordings.ts';
import { isoTime } from '../clock.ts';
import { writeDurably } from './durable-file.ts';
import { MANIFEST_NAME, type ManifestSigner, signManifest } from './manifest.ts';
import type { PackagedMedia } from './packager.ts';
import { PLAYLIST_NAME, renderPlaylist } from './playlist.ts';
import { checkPlaylist } from './verify-recording.ts';

export interface FinishedRecording {
  dir: string;
  recordingId: string;
  roomId: string;
  title: string;
  /** Milliseconds since the epoch. */
  startedAtMs: number;
  media: PackagedMedia;
  signer: ManifestSigner;
}

/**
 * Closes the playlist, signs the manifest and writes both; they and all they list are durable
 * afterwards. The segments' hashes were checked as each was stored, so this takes the same few
 * milliseconds after a minute and after a day.
 */
export async function finishRecording(recording: FinishedRecording): Promise<Manifest> {
  const { dir, media, signer } = recording;
  const sum = (of: (segment: (typeof media.segments)[number]) => number) =>
    media.segments.reduce((total, segment) => total + of(segment), 0);
  const manifest = signManifest(
    {
      version: 1,
      recordingId: recording.recordingId,
      roomId: recording.roomId,
      title: recording.title,
      host: { userId: signer.userId, publicKey: signer.publicKey },
      startedAt: isoTime(recording.startedAtMs),
      durationMs: Math.round(sum((segment) => segment.durationMs)),
      sizeBytes: media.init.sizeBytes + sum((segment) => segment.sizeBytes),
      encryption: media.ivs ? 'AES-128' : 'none',
      init: media.init,
      segments: [...media.segments],
    },
    signer,
  );
  const playlist = renderPlaylist({
    entries: media.segments,
    ended: true,
    ivs: media.ivs,
  });
  checkPlaylist(playlist, manifest);
  await writeDurably(join(dir, PLAYLIST_NAME), Buffer.from(playlist));
  await writeDurably(join(dir, MANIFEST_NAME), Buffer.from(JSON.stringify(manifest)));
  return manifest;
}
