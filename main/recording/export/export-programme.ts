import { ProtocolError } from '../../../protocol/errors.ts';
import type { ExportFormat } from '../../../protocol/recording-library.ts';
import type { Chapter, Manifest } from '../../../protocol/recordings.ts';
import { readMp4, writeMp4 } from '../packaging/run-ffmpeg.ts';
import { chapterMetadata } from './chapter-metadata.ts';
import { codecOptions, exportCodecs } from './export-codecs.ts';
import { ExportTarget, exportProblem } from './export-target.ts';
import { exportName } from './file-name.ts';
import { plainMedia, type SealedMedia } from './plain-media.ts';

/** A file that is shorter or longer than its manifest by more than this is not kept. */
const TOLERANCE_MS = 500;

/** Of the way; the rest is reading back what was written. */
const WRITTEN = 0.95;

export interface ProgrammeExport extends SealedMedia {
  manifest: Manifest;
  ffmpegPath: string;
  title: string;
  chapters: readonly Chapter[];
  /** As the recorder named it. */
  mimeType: string;
  format: ExportFormat;
  /** Absolute; made where there is none. */
  folder: string;
  signal: AbortSignal;
  /** @param fraction 0 to 1 */
  progress: (fraction: number) => void;
}

/**
 * Makes one plain MP4 of a finished recording and answers its path. It is written beside its
 * place, read back from end to end, and only then put there under a name that is free. Throws
 * `recording-damaged`, `storage-full`, `storage-unwritable`, or what ffmpeg said; then, and when
 * `signal` aborts, nothing of it is left.
 */
export async function exportProgramme(options: ProgrammeExport): Promise<string> {
  const { manifest, folder, signal, ffmpegPath, progress } = options;
  const target = await ExportTarget.claim(
    folder,
    exportName(options.title, manifest.startedAt),
    manifest.sizeBytes,
    chapterMetadata(options.title, options.chapters, manifest.durationMs),
  );
  try {
    const media = remembering(plainMedia(options));
    await writeMp4({
      ...{ ffmpegPath, signal, input: media.bytes },
      ...{ metadataPath: target.metadata, outputPath: target.partial },
      codecOptions: codecOptions(exportCodecs(options.mimeType, options.format)),
      onTime: (atMs) => progress((atMs / manifest.durationMs) * WRITTEN),
    }).catch((error: unknown) => {
      // Where reading failed ffmpeg only says that its input ended.
      throw media.failure() ?? ffmpegProblem(error, folder);
    });
    const failure = media.failure();
    if (failure !== undefined) throw failure;
    await requireWhole(await readMp4({ ffmpegPath, path: target.partial, signal }), manifest);
    signal.throwIfAborted();
    return await target.keep();
  } finally {
    await target.discard();
  }
}

/** Passes bytes on and keeps what went wrong with them. */
function remembering(source: AsyncGenerator<Buffer, void>) {
  let failure: unknown;
  async function* bytes() {
    try {
      yield* source;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { bytes: bytes(), failure: () => failure };
}

async function requireWhole(durationMs: number, manifest: Manifest): Promise<void> {
  if (Math.abs(durationMs - manifest.durationMs) <= TOLERANCE_MS) return;
  throw new Error(
    `The file would last ${(durationMs / 1000).toFixed(1)} s and the recording lasts ${(manifest.durationMs / 1000).toFixed(1)} s, so it was not kept. Verify the recording, then export it again.`,
  );
}

/** ffmpeg writes the file itself, so a full disk is in its last words. */
function ffmpegProblem(error: unknown, folder: string): unknown {
  const words = error instanceof Error ? error.message : String(error);
  const code = Object.entries({
    ENOSPC: /No space left on device/,
    EDQUOT: /Disk quota exceeded/,
    EFBIG: /File too large/,
    EROFS: /Read-only file system/,
    EIO: /Input\/output error/,
  }).find(([, pattern]) => pattern.test(words))?.[0];
  if (code) return exportProblem(Object.assign(new Error(words), { code }), folder);
  return new ProtocolError('internal', `ffmpeg could not make the file: ${words}`);
}
