import { servePages } from '../../e2e/rooms/page-server.ts';
import type { LoadMode, TrackLoadPage } from '../../e2e/rooms/pages/track-load.ts';
import { launchBrowser } from '../../support/browsers.ts';
import { browserCores } from '../mesh/browser-processes.ts';

declare const load: TrackLoadPage;

/** Until encoders have found their rate. */
const SETTLE_MS = 4_000;

export interface LoadFigures {
  mode: LoadMode;
  /** Processor time of the whole browser, senders included, in cores. */
  cores: number[];
  keptMb: number;
}

/** Measures each way in turn, so many rounds, with so many peers in one browser. */
export async function measureLoad(
  peers: number,
  rounds: number,
  durationMs: number,
): Promise<LoadFigures[]> {
  const server = await servePages('track-load');
  const figures: LoadFigures[] = (
    ['untapped', 'tapped', 'separate-tracks', 'media-recorder'] as const
  ).map((mode) => ({ mode, cores: [], keptMb: 0 }));
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const figure of figures) {
        const { cores, keptBytes } = await measure(server.origin, peers, figure.mode, durationMs);
        figure.cores.push(cores);
        figure.keptMb = keptBytes / 1e6;
      }
    }
  } finally {
    await server.close();
  }
  return figures;
}

async function measure(origin: string, peers: number, mode: LoadMode, durationMs: number) {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/track-load.html`);
    await page.evaluate(([count, way]) => load.connect(count, way), [peers, mode] as const);
    await page.evaluate((way) => load.begin(way), mode);
    await page.waitForTimeout(SETTLE_MS);
    const cores = await browserCores(durationMs);
    return { cores, keptBytes: await page.evaluate(() => load.end()) };
  } finally {
    await browser.close();
  }
}
