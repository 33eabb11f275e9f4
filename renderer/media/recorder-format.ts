/**
 * Best first. H.264 and Opus go into MP4 segments as they are (`-c copy`) and play everywhere;
 * VP9 is the fallback where H.264 is missing, VP8 where both are.
 */
const MIME_TYPES = [
  'video/webm;codecs=h264,opus',
  'video/webm;codecs=avc1.42E01F,opus',
  'video/webm;codecs=vp9,opus',
  'video/webm;codecs=vp8,opus',
] as const;

/** The best container and codecs `MediaRecorder` writes here; `undefined` where it has none. */
export function bestRecorderMimeType(
  isSupported: (mimeType: string) => boolean = (mimeType) =>
    typeof MediaRecorder === 'function' && MediaRecorder.isTypeSupported(mimeType),
): string | undefined {
  return MIME_TYPES.find(isSupported);
}
