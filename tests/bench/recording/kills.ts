import { killFed } from './kill-fed.ts';
import { killRenderer } from './kill-renderer.ts';
import type { Loss } from './losses.ts';
import { makeClip, timedSlices } from './material.ts';
import { seededRandom } from './seeded-random.ts';

/** Takes are killed within this time from their beginning, in ms. */
const KILL = { earliestMs: 2_500, latestMs: 7_500 } as const;

/** Recordings at once: fed ones take next to nothing of the processor, a window most of a core. */
const FED_AT_ONCE = 6;
const WINDOWS_AT_ONCE = 2;

export interface KillsOptions {
  dir: string;
  ffmpegPath: string;
  kills: number;
  seed: number;
  /** Told after each kill. */
  told(step: string): void;
}

/** Kills main, renderer and ffmpeg in turn, each time at another moment of another recording. */
export async function measureKills({ dir, ffmpegPath, kills, seed, told }: KillsOptions) {
  const random = seededRandom(seed);
  const plan = Array.from({ length: kills }, (_, index) => ({
    what: (['main', 'renderer', 'ffmpeg'] as const)[index % 3] ?? 'main',
    atMs: KILL.earliestMs + random() * (KILL.latestMs - KILL.earliestMs),
  }));
  const slices = await timedSlices(await makeClip(dir, ffmpegPath, 12));
  const losses: Loss[] = [];
  await atOnce(FED_AT_ONCE, plan, async ({ what, atMs }) => {
    if (what === 'renderer') return;
    losses.push(...(await killFed({ what, atMs, dir, ffmpegPath, slices })));
    told(`${what} killed after ${atMs.toFixed(0)} ms`);
  });
  await atOnce(WINDOWS_AT_ONCE, plan, async ({ what, atMs }) => {
    if (what !== 'renderer') return;
    losses.push(...(await killRenderer(dir, atMs)));
    told(`${what} killed after ${atMs.toFixed(0)} ms`);
  });
  return losses.sort((a, b) => ORDER.indexOf(a.who) - ORDER.indexOf(b.who));
}

const ORDER = [
  ...['main', 'renderer', 'ffmpeg'].map((what) => `Swarm Studio, ${what} killed`),
  ...['MediaRecorder in memory', 'plain MP4, by ffmpeg'],
  ...['fragmented MP4, by ffmpeg', 'MKV, by ffmpeg'],
];

/** Does all, a few at a time, in their order. */
async function atOnce<T>(count: number, all: readonly T[], work: (one: T) => Promise<void>) {
  const rest = all.values();
  const lane = async () => {
    for (const one of rest) await work(one);
  };
  await Promise.all(Array.from({ length: count }, lane));
}
