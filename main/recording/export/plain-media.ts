import { createDecipheriv, createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Manifest, ManifestFile } from '../../../protocol/recordings.ts';
import type { RecordingKeys } from '../keys/recording-keys.ts';

/** What can be watched of a recording, and what opens it. */
export interface SealedMedia {
  dir: string;
  manifest: Pick<Manifest, 'init' | 'segments' | 'encryption'>;
  /** Needed where the segments are encrypted. */
  keys: Pick<RecordingKeys, 'segment' | 'segmentIv'> | undefined;
}

/**
 * A recording's media from its first byte to its last as one fragmented MP4, each file checked
 * against the manifest before a byte of it is handed on. Throws `recording-damaged` and names
 * the first file that is not what it should be.
 */
export async function* plainMedia(media: SealedMedia): AsyncGenerator<Buffer, void> {
  const { dir, manifest, keys } = media;
  yield await checkedFile(dir, manifest.init);
  for (const segment of manifest.segments) {
    const stored = await checkedFile(dir, segment);
    if (manifest.encryption === 'none' || !keys) {
      yield stored;
      continue;
    }
    const decipher = createDecipheriv('aes-128-cbc', keys.segment, keys.segmentIv(segment.uri));
    yield Buffer.concat([decipher.update(stored), decipher.final()]);
  }
}

async function checkedFile(dir: string, file: ManifestFile): Promise<Buffer> {
  const bytes = await read(join(dir, file.uri), file.sizeBytes);
  const sha256 = bytes && createHash('sha256').update(bytes).digest('hex');
  if (bytes && sha256 === file.sha256) return bytes;
  throw new ProtocolError(
    'recording-damaged',
    `${file.uri} is ${bytes ? 'not what was recorded' : 'missing'}, so nothing was exported. Verify the recording to see all that is damaged.`,
  );
}

/** The file's bytes; `undefined` where it is no plain file of this length. */
async function read(path: string, sizeBytes: number): Promise<Buffer | undefined> {
  // A link in place of a segment would lead out of the folder.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ELOOP') return undefined;
      throw error;
    },
  );
  if (!handle) return undefined;
  try {
    if ((await handle.stat()).size !== sizeBytes) return undefined;
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
