import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright';

export interface ViewerFigures {
  /** Of all segments. */
  playedBytes: number;
  /** Of segments that the node sent, as the network saw it. */
  nodeBytes: number;
  /** From the navigation to the first picture. */
  firstFrameMs: number;
  stalls: number;
  stalledMs: number;
}

interface Seen {
  firstFrameMs: number | undefined;
  stalls: number;
  stalledMs: number;
}

declare global {
  interface Window {
    seen: Seen;
  }
}

/** Watches a replay to its end in a browser profile of its own. */
export async function watch(
  browser: Browser,
  url: string,
  { sharing, afterMs }: { sharing: boolean; afterMs: number },
): Promise<ViewerFigures> {
  await delay(afterMs);
  const context = await browser.newContext({ viewport: { width: 640, height: 480 } });
  const page = await context.newPage();
  let nodeBytes = 0;
  page.on('response', (response) => {
    if (!response.url().endsWith('.m4s')) return;
    nodeBytes += Number(response.headers()['content-length'] ?? 0);
  });
  await page.addInitScript(
    (on) => localStorage.setItem('swarm.share-with-viewers', on ? 'on' : 'off'),
    sharing,
  );
  await page.goto(url);
  const played = await page.getByTestId('replay-player').evaluate(async (element) => {
    const video = element as HTMLVideoElement;
    const seen: Seen = { firstFrameMs: undefined, stalls: 0, stalledMs: 0 };
    let since: number | undefined;
    video.addEventListener('waiting', () => {
      if (seen.firstFrameMs === undefined || video.seeking || video.ended) return;
      seen.stalls += 1;
      since = performance.now();
    });
    video.addEventListener('playing', () => {
      if (since !== undefined) seen.stalledMs += performance.now() - since;
      since = undefined;
    });
    video.muted = true;
    const over = new Promise((resolve) => video.addEventListener('ended', resolve));
    video.requestVideoFrameCallback(() => {
      seen.firstFrameMs = performance.now();
    });
    await new Promise<void>((resolve) => {
      if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return resolve();
      video.addEventListener('loadeddata', () => resolve(), { once: true });
    });
    await video.play();
    await over;
    return seen;
  });
  const recordingId = new URL(url).searchParams.get('recording');
  const manifest = (await (
    await fetch(new URL(`/replays/${recordingId}/manifest.json`, url))
  ).json()) as { segments: { sizeBytes: number }[] };
  await context.close();
  return {
    playedBytes: manifest.segments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    nodeBytes,
    firstFrameMs: played.firstFrameMs ?? Number.NaN,
    stalls: played.stalls,
    stalledMs: played.stalledMs,
  };
}
