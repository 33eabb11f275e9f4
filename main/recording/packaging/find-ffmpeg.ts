import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The ffmpeg that recordings use, or a sentence that says how to get one. */
export type FfmpegSearch =
  | { path: string; version: string; problem?: undefined }
  | { path: undefined; problem: string };

/**
 * Looks for an ffmpeg that runs: the one `ffmpeg-static` brought (or `FFMPEG_BIN` names), then
 * `ffmpeg` on the PATH. Never throws: where there is none, `problem` says what to do.
 */
export async function findFfmpeg(): Promise<FfmpegSearch> {
  return firstWorking([await bundledPath(), 'ffmpeg']);
}

/** The first of these that answers `-version`; `undefined` entries are skipped. */
export async function firstWorking(candidates: (string | undefined)[]): Promise<FfmpegSearch> {
  for (const path of candidates) {
    const version = path && (await versionOf(path));
    if (path && version) return { path, version };
  }
  return {
    path: undefined,
    problem:
      'Recording needs ffmpeg, and none was found. Install it (Debian and Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), then start the studio again.',
  };
}

async function bundledPath(): Promise<string | undefined> {
  // An optional dependency: absent where its download failed, which the PATH then makes up for.
  const bundled = await import('ffmpeg-static').catch(() => undefined);
  // Electron packs modules into app.asar, from which nothing can be executed.
  return bundled?.default?.replace(/app\.asar(?!\.unpacked)/, 'app.asar.unpacked');
}

async function versionOf(path: string): Promise<string | undefined> {
  const answer = await promisify(execFile)(path, ['-hide_banner', '-version'], {
    timeout: 10_000,
    windowsHide: true,
  }).catch(() => undefined);
  return /^ffmpeg version (\S+)/.exec(answer?.stdout ?? '')?.[1];
}
