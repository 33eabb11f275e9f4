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
  const feed = async () =>
    (
      (await (await fetch(`${address}/api/feeds/profile/sam`)).json()) as {
        posts: { recordingState: string; durationMs: number }[];
      }
    ).posts;
  // The replay of the room is its latest take.
  await expect.poll(async () => (await feed())[0]?.recordingState).toBe('ready');
  expect((await feed())[0]?.durationMs).toBeGreaterThan(1500);
});
