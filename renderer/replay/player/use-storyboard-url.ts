import { type RefObject, useEffect, useState } from 'react';
import { MAX_SHEETS, sheetPath } from '../../../protocol/storyboard-vtt.ts';
import type { NodeFiles } from '../node-files.ts';

const MAX_TRACK_BYTES = 256 * 1024;
const MAX_SHEET_BYTES = 4 * 1024 * 1024;
/** A storyboard that is not there may be on its way: it is asked for again so soon, so often. */
const AGAIN_AFTER_MS = 5_000;
const MAX_TRIES = 12;

/**
 * A recording's storyboard as a file that a `<track>` can load; `undefined` where there is none.
 * It is fetched when somebody first points at the player: who only watches does not need it.
 *
 * @param files the recording's; `undefined` while it is made
 */
export function useStoryboardUrl(
  video: RefObject<HTMLVideoElement | null>,
  files: NodeFiles | undefined,
): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const player = video.current?.parentElement;
    if (!player || !files) return;
    const closed = new AbortController();
    const urls: string[] = [];
    let tries = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const urlOf = (bytes: BlobPart, type: string) => {
      const made = URL.createObjectURL(new Blob([bytes], { type }));
      urls.push(made);
      return made;
    };
    const fetchAll = async () => {
      tries += 1;
      try {
        const board = await loadStoryboard(files, closed.signal);
        const sheets = board.sheets.map((bytes) => urlOf(bytes, 'image/webp'));
        setUrl(urlOf(withSheets(board.track, sheets), 'text/vtt'));
      } catch (error) {
        if (closed.signal.aborted) return;
        console.info('There is no storyboard to show.', error);
        if (tries < MAX_TRIES) timer = setTimeout(fetchAll, AGAIN_AFTER_MS);
      }
    };
    const begin = () => {
      if (tries === 0) void fetchAll();
    };
    const events = ['pointerenter', 'focusin'] as const;
    for (const event of events) player.addEventListener(event, begin);
    return () => {
      closed.abort();
      clearTimeout(timer);
      for (const event of events) player.removeEventListener(event, begin);
      for (const made of urls) URL.revokeObjectURL(made);
      setUrl(undefined);
    };
  }, [video, files]);
  return url;
}

async function loadStoryboard(files: NodeFiles, signal: AbortSignal) {
  const track = new TextDecoder().decode(
    await files.bytes('storyboard.vtt', MAX_TRACK_BYTES, signal),
  );
  const sheets: Uint8Array<ArrayBuffer>[] = [];
  while (sheets.length < MAX_SHEETS && track.includes(sheetPath(sheets.length))) {
    sheets.push(await files.bytes(sheetPath(sheets.length), MAX_SHEET_BYTES, signal));
  }
  return { track, sheets };
}

/** Puts what can be loaded without a session in the place of the sheets' names. */
function withSheets(track: string, urls: readonly string[]): string {
  return urls.reduce((text, url, sheet) => text.replaceAll(sheetPath(sheet), url), track);
}
