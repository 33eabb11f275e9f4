import { useEffect, useState } from 'react';
import { renderChapters } from '../../../protocol/chapters-vtt.ts';
import type { Chapter } from '../../../protocol/recordings.ts';

/** The chapters as a file that a `<track>` can load; `undefined` where there are none. */
export function useChaptersUrl(
  chapters: readonly Chapter[],
  durationMs: number,
): string | undefined {
  const text = chapters.length > 0 ? renderChapters(chapters, durationMs) : undefined;
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (text === undefined) return setUrl(undefined);
    const made = URL.createObjectURL(new Blob([text], { type: 'text/vtt' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [text]);
  return url;
}
