import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import type { Feed } from '../../main/feed/feed.ts';
import { openDatabase } from '../../main/storage/database.ts';
import { launchBrowser } from '../support/browsers.ts';
import { openStudio } from '../support/people.ts';
import { startStudio } from '../support/studio-process.ts';
import { COMMON_WORD, RARE_WORD, writePosts } from './feed/many-posts.ts';
import { plainPage, type ScrollFigures, scrollDown } from './feed/scroll.ts';
import { table } from './figures.ts';

/**
 * A feed of 100,000 posts: how long main takes for its first page, a page far down and a search,
 * beside the plain way (OFFSET, LIKE); and how smoothly it scrolls, beside a page of plain boxes.
 *
 *   npm run bench:feed [-- --posts 100000 --rounds 200 --seconds 10 --json FILE]
 */
const { values: flags } = parseArgs({
  options: {
    posts: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    json: { type: 'string' },
  },
});
const posts = Number(flags.posts);
const rounds = Number(flags.rounds);
const VISITOR = { userId: 'u_visitor0000000000000000', guest: false };
const LIMIT = 20;

const folder = await mkdtemp(join(tmpdir(), 'swarm-bench-feed-'));
const dataFolder = join(folder, 'data');
const browser = await launchBrowser();
try {
  const author = await firstStart();
  const db = openDatabase(join(dataFolder, 'studio.db'));
  const startedAt = performance.now();
  const feed = writePosts(db, posts, author);
  const writtenMs = performance.now() - startedAt;
  const reads = measureReads(db, feed, author.userId);
  db.close();

  const scrolls = await measureScrolling();
  console.log(
    `${posts.toLocaleString()} posts, written in ${(writtenMs / 1000).toFixed(1)} s; ` +
      `${rounds} rounds; load ${loadavg()[0]?.toFixed(1)}\n`,
  );
  console.log(
    table([
      ['in main, ms', 'p50', 'p95', 'worst'],
      ...reads.map(({ name, p50Ms, p95Ms, worstMs }) => [
        ...[name, p50Ms.toFixed(2), p95Ms.toFixed(2), worstMs.toFixed(2)],
      ]),
    ]),
  );
  console.log();
  console.log(
    table([
      [`scrolling ${flags.seconds} s`, 'frames', 'over 32 ms', 'worst ms', 'pixels'],
      ...scrolls.map(({ name, frames, late, worstMs, pixels }) => [
        ...[name, String(frames), String(late), worstMs.toFixed(0), pixels.toFixed(0)],
      ]),
    ]),
  );
  if (flags.json) await writeFile(flags.json, `${JSON.stringify({ reads, scrolls }, null, 2)}\n`);
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}

/** Makes the member whose feed it is. */
async function firstStart() {
  const studio = await startStudio(dataFolder);
  const page = await browser.newPage();
  await openStudio(page, studio.studioUrl, { handle: 'sam', displayName: 'Sam Host' });
  await page.close();
  await studio.stop();
  const db = openDatabase(join(dataFolder, 'studio.db'));
  const row = db.prepare(`SELECT user_id FROM members WHERE handle = 'sam'`).get();
  db.close();
  return { userId: String(row?.user_id), handle: 'sam', displayName: 'Sam Host' };
}

function measureReads(db: DatabaseSync, feed: Feed, userId: string) {
  const rowsOf = (sql: string, ...values: (string | number)[]) => db.prepare(sql).all(...values);
  const mine = `author_user_id = ? AND context = 'profile' AND visibility = 'public'`;
  const deep = Math.floor(posts * 0.6);
  const middle = Buffer.from(`after:${posts - deep}`).toString('base64url');
  const search = (q: string) => () => feed.search({ q, limit: LIMIT }, VISITOR);
  const plain = (word: string) => () =>
    rowsOf(`SELECT * FROM posts WHERE text LIKE ? ORDER BY seq DESC LIMIT ?`, `%${word}%`, LIMIT);
  const turns: [string, () => unknown][] = [
    ['first page', () => feed.profilePage(userId, VISITOR, { limit: LIMIT })],
    [
      `page ${deep / LIMIT}`,
      () => feed.profilePage(userId, VISITOR, { limit: LIMIT, cursor: middle }),
    ],
    [
      'the same by OFFSET',
      () =>
        rowsOf(
          `SELECT * FROM posts WHERE ${mine} ORDER BY seq DESC LIMIT ? OFFSET ?`,
          userId,
          LIMIT,
          deep,
        ),
    ],
    ['search, a rare word', search(RARE_WORD)],
    ['the same by LIKE', plain(RARE_WORD)],
    ['search, a word of all posts', search(COMMON_WORD)],
    ['search, three words begun', search('lam gar choi')],
    ['search, a tag', search('#music')],
    ['search, nothing found', search('nowhere')],
    ['the same by LIKE, nothing found', plain('nowhere')],
  ];
  const times = new Map(turns.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, read] of turns) {
      const from = performance.now();
      read();
      times.get(name)?.push(performance.now() - from);
    }
  }
  return [...times].map(([name, took]) => {
    const sorted = took.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
    return { name, p50Ms: at(0.5), p95Ms: at(0.95), worstMs: at(1) };
  });
}

async function measureScrolling(): Promise<(ScrollFigures & { name: string })[]> {
  const studio = await startStudio(dataFolder);
  const page = await browser.newPage();
  try {
    const pace = { seconds: Number(flags.seconds), pixelsPerSecond: 1500 };
    await page.goto(`${studio.address}/u/sam`);
    await page.getByRole('article').first().waitFor();
    const feed = await scrollDown(page, '#page', pace);
    const drawn = await page.locator('article').count();
    await page.setContent(plainPage(2_000));
    const plain = await scrollDown(page, '#page', pace);
    return [
      { name: `the feed (${drawn} cards drawn)`, ...feed },
      { name: 'plain boxes', ...plain },
    ];
  } finally {
    await page.close();
    await studio.stop();
  }
}
