import { ProtocolError } from '../../../protocol/errors.ts';

/** The refusal of whatever needs ffmpeg where there is none. */
export function ffmpegMissing(): ProtocolError {
  return new ProtocolError(
    'ffmpeg-missing',
    'This needs ffmpeg, and none was found. Install it, then start the studio again.',
  );
}
