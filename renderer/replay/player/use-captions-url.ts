import { useEffect, useState } from 'react';
import type { NodeFiles } from '../node-files.ts';

/** Of a day of talking. */
const MAX_CAPTIONS_BYTES = 8 * 1024 * 1024;

/**
 * A recording's captions as a file that a `<track>` can load.
 *
 * @param version another one is loaded anew; `undefined` where there are no captions
 */
export function useCaptionsUrl(
  files: NodeFiles | undefined,
  version: string | undefined,
): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!files || version === undefined) return;
    const closed = new AbortController();
    let made: string | undefined;
    files.bytes('captions.vtt', MAX_CAPTIONS_BYTES, closed.signal).then(
      (bytes) => {
        made = URL.createObjectURL(new Blob([bytes], { type: 'text/vtt' }));
        setUrl(made);
      },
      (error: unknown) => {
        if (!closed.signal.aborted) console.warn('The captions could not be loaded.', error);
      },
    );
    return () => {
      closed.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
      setUrl(undefined);
    };
  }, [files, version]);
  return url;
}
