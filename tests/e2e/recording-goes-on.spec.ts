import { endRoom, recorderHasRun, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

test('a recording goes on when the host goes on in a second window', async ({ studio }) => {
  const first = await studio.host();
  await startRoom(first, { title: 'Two desks', record: true });
  await first.getByRole('button', { name: 'Stop recording' }).first().waitFor();
  await recorderHasRun(first, 2);

  const second = await studio.person();
  await second.goto((await studio.start()).studioUrl);
  await second
    .getByRole('link', { name: /Two desks/ })
    .first()
    .click();
  await second.getByRole('button', { name: 'Join room' }).click();
  await expect(first.getByText('You are in this room elsewhere')).toBeVisible();
  await recorderHasRun(second, 2);
  await expect(second.getByRole('button', { name: 'Stop recording' }).first()).toBeVisible();

  await endRoom(second);
  const { address } = await studio.start();
  await expect.poll(async () => (await replays(address)).map(state)).toEqual(['ready', 'ready']);
  for (const { durationMs } of await replays(address)) expect(durationMs).toBeGreaterThan(1500);
});

test('a recording goes on when its studio crashed and was started again', async ({ studio }) => {
  const host = await studio.host();
  const first = await studio.start();
  await startRoom(host, { title: 'Power cut', record: true });
  await host.getByRole('button', { name: 'Stop recording' }).first().waitFor();
  await recorderHasRun(host, 3);

  first.process.kill('SIGKILL');
  await host.getByText('The studio has stopped unexpectedly.').waitFor();
  const { address } = await studio.start(['--port', new URL(first.address).port]);
  // What the crash left is a replay, and the next one is being made.
  await expect.poll(async () => (await replays(address)).map(state)).toEqual(['ready']);
  await host.waitForFunction(
    () => performance.getEntriesByName('swarm:recorder-started').length === 2,
  );
  await recorderHasRun(host, 2);

  await endRoom(host);
  await expect.poll(async () => (await replays(address)).map(state)).toEqual(['ready', 'ready']);
});

interface Replay {
  recordingState: string;
  durationMs: number;
}

const state = ({ recordingState }: Replay) => recordingState;

/** What the host's feed has to be watched, newest first. */
async function replays(address: string): Promise<Replay[]> {
  const response = await fetch(`${address}/api/feeds/profile/sam`);
  return ((await response.json()) as { posts: Replay[] }).posts;
}
