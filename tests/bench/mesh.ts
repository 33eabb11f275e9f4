import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright';
import { launchBrowser } from '../support/browsers.ts';
import { openLobby, ready, startRoom } from '../support/people.ts';
import { startStudio } from '../support/studio-process.ts';
import { table } from './figures.ts';
import { serveBareMesh } from './mesh/bare-mesh.ts';
import { openBenchHost } from './mesh/bench-host.ts';
import { browserCores } from './mesh/browser-processes.ts';
import { everybodyThere, installConnectionProbe } from './mesh/connection-probe.ts';

/**
 * Everybody comes in at once: how long until the last connection stands and the last first frame
 * is shown, and what the room costs then; in the studio, and on bare RTCPeerConnection pages.
 *
 *   npm run bench:mesh [-- --peers 2,3,4,6 --rounds 2 --json FILE]
 */
const { values: flags } = parseArgs({
  options: {
    peers: { type: 'string', default: '2,3,4,6' },
    rounds: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});
const sizes = flags.peers.split(',').map(Number);
const rounds = Number(flags.rounds);

/** Long enough for a steady figure. */
const CPU_OVER_MS = 8_000;

interface MeshFigures {
  lastConnectionMs: number;
  lastFirstFrameMs: number;
  /** Of the machine's processor, in cores. */
  cores: number;
  /** The machine's load average just before. */
  load: number;
}

const folder = await mkdtemp(join(tmpdir(), 'swarm-bench-mesh-'));
const bare = await serveBareMesh();
const studio = await startStudio(join(folder, 'data'));
try {
  const results = new Map<string, MeshFigures[]>();
  for (let round = 0; round < rounds; round++) {
    for (const peers of sizes) {
      const turns = [
        { name: `swarm studio, ${peers} peers`, arrive: studioPages(peers) },
        { name: `bare, ${peers} peers`, arrive: barePages(peers) },
      ];
      // Back and forth, so that nobody always comes first.
      for (const { name, arrive } of round % 2 === 0 ? turns : turns.toReversed()) {
        results.set(name, [...(results.get(name) ?? []), await inBrowser(arrive)]);
      }
    }
  }
  const rows = [...results].map(([name, figures]) => ({ name, ...best(figures) }));
  console.log(
    `640x360, everybody at once; the best of ${rounds} rounds each, since other work on the ` +
      `machine only ever adds.\n`,
  );
  console.log(
    table([
      ['', 'last connection ms', 'last first frame ms', 'browsers’ cores', 'load before'],
      ...rows.map((row) => [
        row.name,
        row.lastConnectionMs.toFixed(0),
        row.lastFirstFrameMs.toFixed(0),
        row.cores.toFixed(2),
        row.load.toFixed(1),
      ]),
    ]),
  );
  if (flags.json)
    await writeFile(flags.json, `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
} finally {
  await studio.stop();
  bare.close();
  await rm(folder, { recursive: true, force: true });
}

/** Each figure's least, and the highest load. */
function best(figures: readonly MeshFigures[]): MeshFigures {
  const least = (of: (one: MeshFigures) => number) => Math.min(...figures.map(of));
  return {
    lastConnectionMs: least((one) => one.lastConnectionMs),
    lastFirstFrameMs: least((one) => one.lastFirstFrameMs),
    cores: least((one) => one.cores),
    load: Math.max(...figures.map((one) => one.load)),
  };
}

type Arrivals = (browser: Browser) => Promise<{ pages: Page[]; joining: Page[] }>;

/** Opens the pages, has everybody join at one moment, and measures. */
async function inBrowser(open: Arrivals): Promise<MeshFigures> {
  const browser = await launchBrowser();
  const load = loadavg()[0] ?? Number.NaN;
  try {
    const { pages, joining } = await open(browser);
    const clickedAt = Date.now();
    await Promise.all(
      joining.map((page) => page.getByRole('button', { name: 'Join room' }).click()),
    );
    const there = await Promise.all(pages.map((page) => everybodyThere(page, pages.length - 1)));
    return {
      lastConnectionMs: Math.max(...there.map(({ connectedAt }) => connectedAt)) - clickedAt,
      lastFirstFrameMs: Math.max(...there.map(({ firstFrameAt }) => firstFrameAt)) - clickedAt,
      cores: await browserCores(CPU_OVER_MS),
      load,
    };
  } finally {
    await browser.close();
  }
}

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 960, height: 640 } });
  const page = await context.newPage();
  await installConnectionProbe(page);
  return page;
}

function studioPages(peers: number): Arrivals {
  return async (browser) => {
    const host = await openPage(browser);
    await openBenchHost(host, studio.studioUrl);
    const link = await startRoom(host, { title: `Mesh of ${peers}`, record: false });
    const joining: Page[] = [];
    for (let guest = 1; guest < peers; guest++) {
      const page = await openPage(browser);
      await openLobby(page, link, `Guest ${guest}`);
      await page.locator('video').first().waitFor();
      joining.push(page);
    }
    return { pages: [host, ...joining], joining };
  };
}

function barePages(peers: number): Arrivals {
  return async (browser) => {
    const pages: Page[] = [];
    for (let person = 0; person < peers; person++) {
      const page = await openPage(browser);
      await page.goto(bare.url);
      await ready(page);
      pages.push(page);
    }
    // One is there already, as the host is.
    const [first, ...joining] = pages;
    await first?.getByRole('button', { name: 'Join room' }).click();
    return { pages, joining };
  };
}
