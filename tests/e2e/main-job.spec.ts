import {
  endRoom,
  goLive,
  joinRoom,
  openLobby,
  playReplay,
  readTiles,
  recorderHasRun,
  recordFor,
  startRoom,
} from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

interface ReplayPost {
  title: string;
  recordingState: string;
  durationMs: number;
}

async function postsOf(address: string): Promise<ReplayPost[]> {
  const feed = await fetch(`${address}/api/feeds/profile/sam`);
  return ((await feed.json()) as { posts: ReplayPost[] }).posts;
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
  await expect(guest.getByText(/^REC \d+:\d\d$/).first()).toBeVisible();
  await host.getByRole('button', { name: 'Stop recording' }).first().click();
  await host.getByRole('button', { name: 'Start recording' }).first().waitFor();
  await endRoom(host);
  await expect(guest.getByText('This room has ended').first()).toBeVisible();

  await host.getByRole('link', { name: 'Profile' }).first().click();
  const card = host.locator('[data-testid="stream-card"][data-state="ready"]');
  await card.getByRole('link', { name: 'Watch replay' }).click();
  expect((await playReplay(host)).frames).toBeGreaterThan(0);

  const { address } = await studio.start();
  const roomId = /room_[\w-]+/.exec(link)?.[0];
  await guest.goto(`${address}/replay/${roomId}`);
  expect((await playReplay(guest)).frames).toBeGreaterThan(0);

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
  const post = host.getByRole('article').filter({ hasText: 'First show on Friday' });
  await expect(post).toBeVisible();

  const projectPage = host.url();
  await startRoom(host, { title: 'Pilot', record: false });
  await goLive(host);
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
  const recordedMs = await recorderHasRun(host, 5);
  first.process.kill('SIGKILL');
  await host.getByText('The studio has stopped unexpectedly.').waitFor();

  const second = await studio.start();
  const replays = async () => postsOf(second.address);
  await expect.poll(async () => (await replays())[0]?.recordingState).toBe('ready');
  const posts = await replays();
  expect(posts).toHaveLength(1);
  expect(posts[0]?.title).toBe('Power cut');
  expect(posts[0]?.durationMs).toBeGreaterThan(recordedMs - 1500);
});

test('a studio that is asked to stop finishes its recording first', async ({ studio }) => {
  const host = await studio.host();
  const first = await studio.start();
  await startRoom(host, { title: 'Closing time', record: true });
  await host.getByRole('button', { name: 'Stop recording' }).first().waitFor();
  await recorderHasRun(host, 3);
  expect(await first.stop()).toBe(0);

  const second = await studio.start();
  const posts = await postsOf(second.address);
  expect(posts.map((post) => post.recordingState)).toEqual(['ready']);
});
