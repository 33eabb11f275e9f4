import type { Page } from 'playwright';

declare global {
  interface Window {
    /** When each connection of this page first stood, ms since the epoch. */
    connectedAt?: number[];
    /** When each other person's first picture was shown, ms since the epoch. */
    firstFrameAt?: number[];
  }
}

/**
 * Has a page note, whichever code makes its connections, when each of them stands and when each
 * `<video>` of somebody else shows its first frame. To be called before the page is opened.
 */
export async function installConnectionProbe(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const now = () => performance.timeOrigin + performance.now();
    const connectedAt: number[] = [];
    const firstFrameAt: number[] = [];
    Object.assign(window, { connectedAt, firstFrameAt });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(config?: RTCConfiguration) {
        super(config);
        let stood = false;
        this.addEventListener('connectionstatechange', () => {
          if (this.connectionState !== 'connected' || stood) return;
          stood = true;
          connectedAt.push(now());
        });
      }
    };
    const watched = new WeakSet<HTMLVideoElement>();
    const look = () => {
      const videos = document.querySelectorAll<HTMLVideoElement>(
        '[data-testid="tile"]:not([data-self="true"]) video, video[data-remote]',
      );
      for (const video of videos) {
        if (watched.has(video)) continue;
        watched.add(video);
        video.requestVideoFrameCallback(() => firstFrameAt.push(now()));
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
}

/** Waits until this page is connected to so many others and shows them; answers the last of each. */
export async function everybodyThere(
  page: Page,
  others: number,
): Promise<{ connectedAt: number; firstFrameAt: number }> {
  await page.waitForFunction(
    (count) =>
      (window.connectedAt?.length ?? 0) >= count && (window.firstFrameAt?.length ?? 0) >= count,
    others,
    { timeout: 90_000 },
  );
  return page.evaluate(() => ({
    connectedAt: Math.max(...(window.connectedAt ?? [])),
    firstFrameAt: Math.max(...(window.firstFrameAt ?? [])),
  }));
}
