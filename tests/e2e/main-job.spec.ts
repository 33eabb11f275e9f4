import type { Page } from '@playwright/test';
import { joinRoom, openLobby, readTiles, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

async function recordFor(page: Page, seconds: number): Promise<void> {
  await page.getByRole('button', { name: 'Start recording' }).first().click();
  await page.getByRole('button', { name: 'Stop recording' }).first().waitFor();
  await page.waitForFunction((ms) => {
    const started = performance.getEntriesByName('swarm:recorder-started')[0];
    return started !== undefined && performance.now() - started.startTime >= ms;
  }, seconds * 1000);
}

async function endRoom(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'End room', exact: true }).first().click();
  await page.getByRole('button', { name: 'End room for everyone' }).click();
}

interface ReplayPost {
  title: string;
  recordingState: string;
  durationMs: number;
}

async function postsOf(address: string): Promise<ReplayPost[]> {
  const feed = await fetch(`${address}/api/feeds/profile/sam`);
  return ((await feed.json()) as { posts: ReplayPost[] }).posts;
}

async function playsAndSeeks(page: Page): Promise<boolean> {
  return page.getByTestId('replay-player').evaluate(async (element) => {
    const video = element as HTMLVideoElement;
    video.muted = true;
    const reached = (seconds: number) =>
      new Promise<void>((resolve) => {
        const check = () => {
          if (video.currentTime < seconds) return;
          video.removeEventListener('timeupdate', check);
          resolve();
        };
        video.addEventListener('timeupdate', check);
      });
    await video.play();
    await reached(0.5);
    const target = video.duration / 2;
    video.currentTime = target;
    await reached(target + 0.2);
    return true;
  });
}

test('a private room is recorded, and its replay plays for those who were there and nobody else', async ({
  studio,
}) => {
  const host = await studio.host();
  const link = await startRoom(host, {
    title: 'Closed rehearsal',
    visibility: 'Invite only',
    record: false,
  });
  const guest = await studio.person();
  await openLobby(guest, link, 'Ada');
  await joinRoom(guest);
  for (const page of [host, guest]) {
    const remote = (await readTiles(page)).filter((tile) => !tile.self);
    expect(remote).toHaveLength(1);
    expect(remote[0]?.framesIn2s).toBeGreaterThan(0);
    expect(remote[0]?.peakRms).toBeGreaterThan(0.001);
  }

  await recordFor(host, 4);
  await expect(guest.getByText(/^REC/).first()).toBeVisible();
  await host.getByRole('button', { name: 'Stop recording' }).first().click();
  await host.getByRole('button', { name: 'Start recording' }).first().waitFor();
  await endRoom(host);
  await expect(guest.getByText('This room has ended').first()).toBeVisible();

  await host.getByRole('link', { name: 'Profile' }).first().click();
  const card = host.locator('[data-testid="stream-card"][data-state="ready"]');
  await card.getByRole('link', { name: 'Watch replay' }).click();
  expect(await playsAndSeeks(host)).toBe(true);

  const { address } = await studio.start();
  const roomId = /room_[\w-]+/.exec(link)?.[0];
  await guest.goto(`${address}/replay/${roomId}`);
  expect(await playsAndSeeks(guest)).toBe(true);

  const stranger = await studio.person();
  await stranger.goto(`${address}/replay/${roomId}`);
  await expect(stranger.getByRole('alert').first()).toBeVisible();
  await expect(stranger.getByTestId('replay-player')).toHaveCount(0);
  const refused = await fetch(`${address}/api/streams/${roomId}/recording`);
  expect([401, 403, 404]).toContain(refused.status);
});

test('a project has a page of its own, where rooms start and posts appear', async ({ studio }) => {
  const host = await studio.host();
  await host.getByRole('link', { name: 'Projects' }).first().click();
  await host
    .getByRole('button', { name: /new project/i })
    .first()
    .click();
  const dialog = host.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Night radio');
  await dialog.getByRole('button', { name: 'Create project' }).click();
  await expect(host.getByRole('heading', { name: 'Night radio' })).toBeVisible();

  await host.getByLabel("What's new?").fill('First show on Friday');
  await host.getByRole('button', { name: 'Post', exact: true }).click();
  await expect(host.getByText('First show on Friday')).toBeVisible();

  const projectPage = host.url();
  await startRoom(host, { title: 'Pilot', record: false });
  await host.getByRole('button', { name: 'Go live' }).first().click();
  await host.getByRole('dialog').getByRole('button', { name: 'Go live' }).click();
  await host.getByText('Live', { exact: true }).first().waitFor();
  await host.getByRole('link', { name: 'Projects' }).first().click();
  await host.getByRole('link', { name: /Night radio/ }).click();
  expect(host.url()).toBe(projectPage);
  await expect(host.locator('[data-testid="stream-card"][data-state="live"]')).toBeVisible();
  await endRoom(host);
  await expect(host.locator('[data-testid="stream-card"][data-state="ended"]')).toBeVisible();
});

test('a studio that is killed while recording publishes what it had at the next start', async ({
  studio,
}) => {
  const host = await studio.host();
  const first = await studio.start();
  await startRoom(host, { title: 'Power cut', record: true });
  await host.getByRole('button', { name: 'Stop recording' }).first().waitFor();
  const recordedMs = await host.waitForFunction(() => {
    const started = performance.getEntriesByName('swarm:recorder-started')[0];
    const elapsed = started ? performance.now() - started.startTime : 0;
    return elapsed >= 5000 ? elapsed : undefined;
  });
  first.process.kill('SIGKILL');
  await host.getByText('The studio has stopped').waitFor();

  const second = await studio.start();
  const replays = async () => postsOf(second.address);
  await expect.poll(async () => (await replays())[0]?.recordingState).toBe('ready');
  const posts = await replays();
  expect(posts).toHaveLength(1);
  expect(posts[0]?.title).toBe('Power cut');
  const elapsed = Number(await recordedMs.jsonValue());
  expect(posts[0]?.durationMs).toBeGreaterThan(elapsed - 1500);
});

test('a studio that is asked to stop finishes its recording first', async ({ studio }) => {
  const host = await studio.host();
  const first = await studio.start();
  await startRoom(host, { title: 'Closing time', record: true });
  await host.getByRole('button', { name: 'Stop recording' }).first().waitFor();
  await host.waitForFunction(() => {
    const started = performance.getEntriesByName('swarm:recorder-started')[0];
    return started !== undefined && performance.now() - started.startTime >= 3000;
  });
  expect(await first.stop()).toBe(0);

  const second = await studio.start();
  const posts = await postsOf(second.address);
  expect(posts.map((post) => post.recordingState)).toEqual(['ready']);
});
