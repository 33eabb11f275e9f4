import type { ExportFormat } from '../../../protocol/recording-library.ts';

/** How each stream gets into the MP4. */
export interface ExportCodecs {
  video: 'copy' | 'h264';
  audio: 'copy' | 'aac';
}

/**
 * What has to be encoded again so that an MP4 opens where people open it. Players and editors
 * take H.264 and AAC everywhere; Opus, VP9 and AV1 are allowed in MP4 and refused by many.
 *
 * @param mimeType of the recorder, e.g. `video/webm;codecs=h264,opus`
 */
export function exportCodecs(mimeType: string, format: ExportFormat): ExportCodecs {
  if (format === 'as-recorded') return { video: 'copy', audio: 'copy' };
  return { video: /h264|avc1/i.test(mimeType) ? 'copy' : 'h264', audio: 'aac' };
}

/** What ffmpeg is told about it. */
export function codecOptions({ video, audio }: ExportCodecs): string[] {
  return [
    ...(video === 'copy'
      ? ['-c:v', 'copy']
      : ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p']),
    ...(audio === 'copy' ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '192k']),
  ];
}
