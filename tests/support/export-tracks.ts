import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { FileSecretStore } from '../../main/hosts/file-secret-store.ts';
import { SecretFiles } from '../../main/hosts/secret-files.ts';
import { exportForEditing } from '../../main/recording/editing/export-for-editing.ts';
import { openMasterKey } from '../../main/recording/keys/master-key.ts';
import { RecordingService } from '../../main/recording/recording-service.ts';
import { openDatabase } from '../../main/storage/database.ts';
import type { TrackPictures } from '../../protocol/recording-library.ts';
import type { TrackDescription } from '../../protocol/tracks.ts';
import { newSigner, room, WEBM } from '../integration/recording/recorded-room.ts';

/** A track as a window handed it in, its slices as base64. */
export interface HandedTrack {
  track: TrackDescription;
  slices: string[];
}

/** What a window recorded, its slices as base64. */
export interface HandedRecording {
  programme: string[];
  tracks: HandedTrack[];
}

/** Hands it to a recording in a folder of its own, and exports the tracks as received. */
export async function keepTracks(
  { programme, tracks }: HandedRecording,
  folder: string,
): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'swarm-tracks-'));
  const db = openDatabase(':memory:');
  try {
    const recordings = await RecordingService.open({
      ...{ dir, db, clock: Date.now, ffmpegPath: 'ffmpeg', signer: newSigner() },
      ...{ logger: pino({ level: 'silent' }), masterKey: randomBytes(32) },
    });
    const { recordingId } = await recordings.start(room(), WEBM);
    for (const [seq, slice] of programme.entries()) {
      await recordings.append(recordingId, seq, Buffer.from(slice, 'base64'));
    }
    const journals = recordings.tracksOf(recordingId);
    for (const { track, slices } of tracks) {
      await journals.begin(track);
      for (const [seq, slice] of slices.entries()) {
        await journals.append(track.trackId, seq, Buffer.from(slice, 'base64'));
      }
    }
    const editable = await recordings.editable(recordingId);
    const { files } = await exportForEditing(editable, folder, { video: 'received' });
    await recordings.close();
    return files;
  } finally {
    db.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Exports the separate tracks of a studio that has stopped; answers the files' names. */
export async function exportTracks(
  dataFolder: string,
  recordingId: string,
  folder: string,
  video: TrackPictures = 'editor',
): Promise<string[]> {
  const secrets = new FileSecretStore(
    new SecretFiles(join(dataFolder, 'secrets'), () => undefined),
  );
  const db = openDatabase(join(dataFolder, 'studio.db'));
  try {
    const recordings = await RecordingService.open({
      ...{ dir: join(dataFolder, 'recordings'), db, clock: Date.now, ffmpegPath: 'ffmpeg' },
      ...{ signer: newSigner(), logger: pino({ level: 'silent' }) },
      masterKey: await openMasterKey(secrets),
    });
    const { files, unreadable } = await exportForEditing(
      await recordings.editable(recordingId),
      folder,
      { video },
    );
    if (unreadable.length > 0) throw new Error(unreadable.map(({ why }) => why).join(' '));
    return files;
  } finally {
    db.close();
  }
}
