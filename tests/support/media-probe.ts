import type { Page } from 'playwright';

declare global {
  interface Window {
    /** Every connection that this page made. */
    connections?: RTCPeerConnection[];
    /** The longest that a shown picture of somebody else has stood still, in milliseconds. */
    longestStandstillMs?: number;
    /** Pictures of others that were shown so far. */
    picturesShown?: number;
  }
}

/**
 * Has a page keep its connections, and note how long pictures of others stand still. To be called
 * before the page is opened.
 */
export async function installMediaProbe(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const connections: RTCPeerConnection[] = [];
    Object.assign(window, { connections, longestStandstillMs: 0, picturesShown: 0 });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(config?: RTCConfiguration) {
        super(config);
        connections.push(this);
      }
    };
    const watched = new WeakSet<HTMLVideoElement>();
    const look = () => {
      const videos = document.querySelectorAll<HTMLVideoElement>(
        '[data-testid="tile"]:not([data-self="true"]) video',
      );
      for (const video of videos) {
        if (watched.has(video)) continue;
        watched.add(video);
        let lastAt: number | undefined;
        const shown = (now: number) => {
          if (lastAt === undefined) window.picturesShown = (window.picturesShown ?? 0) + 1;
          const stoodMs = lastAt === undefined ? 0 : now - lastAt;
          window.longestStandstillMs = Math.max(window.longestStandstillMs ?? 0, stoodMs);
          lastAt = now;
          video.requestVideoFrameCallback(shown);
        };
        video.requestVideoFrameCallback(shown);
      }
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
}

/** Counts the standstills anew; answers the longest one until now, in milliseconds. */
export function takeLongestStandstill(page: Page): Promise<number> {
  return page.evaluate(() => {
    const longest = window.longestStandstillMs ?? 0;
    window.longestStandstillMs = 0;
    return longest;
  });
}

export interface Traffic {
  /** Connections over which a camera was sent in this second. */
  videoSenders: number;
  /** Connections over which a camera came. */
  videoReceivers: number;
  /** Everything that was sent, in bits a second. */
  uplinkBps: number;
}

/** What a page sends and gets, over one second. */
export function trafficOf(page: Page): Promise<Traffic> {
  return page.evaluate(async () => {
    const read = () =>
      Promise.all(
        (window.connections ?? []).map(async (connection) => {
          let [framesSent, framesReceived, bytesSent] = [0, 0, 0];
          for (const entry of (await connection.getStats()).values()) {
            if (entry.type === 'outbound-rtp' && entry.kind === 'video') {
              framesSent += entry.framesSent ?? 0;
            }
            if (entry.type === 'inbound-rtp' && entry.kind === 'video') {
              framesReceived += entry.framesReceived ?? 0;
            }
            if (entry.type === 'transport') bytesSent += entry.bytesSent ?? 0;
          }
          return { framesSent, framesReceived, bytesSent };
        }),
      );
    const before = await read();
    const startedAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const passedS = (performance.now() - startedAt) / 1000;
    const after = (await read()).slice(0, before.length);
    const grown = (key: 'framesSent' | 'framesReceived' | 'bytesSent') =>
      after.map((now, index) => now[key] - (before[index]?.[key] ?? 0));
    return {
      videoSenders: grown('framesSent').filter((frames) => frames > 0).length,
      videoReceivers: grown('framesReceived').filter((frames) => frames > 0).length,
      uplinkBps:
        (8 * grown('bytesSent').reduce((sum, bytes) => sum + Math.max(0, bytes), 0)) / passedS,
    };
  });
}
