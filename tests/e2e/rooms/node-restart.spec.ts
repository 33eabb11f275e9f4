import { once } from 'node:events';
import type { Page } from 'playwright';
import { joinRoom, moderatePerson, openLobby, startRoom } from '../../support/people.ts';
import { expect, test } from '../../support/temporary-studio.ts';

const RECONNECTING = 'Reconnecting to the room… media continues';

/** Between two tries to come back are 30 s at most. */
const BACK_WITHIN = { timeout: 40_000 };

/** What one page shows of another person: how many frames so far, and of which track. */
interface Picture {
  peerId: string;
  trackId: string;
  frames: number;
}

function pictureOf(page: Page, name: string): Promise<Picture> {
  const tile = page.getByTestId('tile').filter({ hasText: name }).first();
  return tile.evaluate((element) => {
    const video = element.querySelector('video');
    const stream = video?.srcObject instanceof MediaStream ? video.srcObject : undefined;
    return {
      peerId: (element as HTMLElement).dataset.peerId ?? '',
      trackId: stream?.getVideoTracks()[0]?.id ?? '',
      frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    };
  });
}

/** Waits until the page shows that many frames more of this person than `since`. */
async function moreFrames(page: Page, name: string, since: Picture, count = 20): Promise<void> {
  await expect
    .poll(async () => (await pictureOf(page, name)).frames, {
      message: `frames of ${name}`,
    })
    .toBeGreaterThan(since.frames + count);
}

/** Everybody is in the page's roster once, and nobody else is. */
async function expectRoster(page: Page, names: readonly string[]): Promise<void> {
  const people = page.getByRole('list', { name: 'People in the room' }).getByRole('listitem');
  await expect(people).toHaveCount(names.length);
  for (const name of names) await expect(people.filter({ hasText: name })).toHaveCount(1);
}

test('a call goes on while its node is killed and started again, and so do its bans', async ({
  studio,
}) => {
  // Four browsers, three of them in a call.
  test.slow();
  const first = await studio.start();
  const host = await studio.host();
  const link = await startRoom(host, { title: 'Through a crash', record: false });
  const [ada, grace] = [await studio.person(), await studio.person()];
  await openLobby(ada, link, 'Ada');
  await joinRoom(ada);
  await openLobby(grace, link, 'Grace');
  await joinRoom(grace);
  const mallory = await studio.person({ devices: 'none' });
  await openLobby(mallory, link, 'Mallory');
  await mallory.getByRole('button', { name: 'Join room' }).click();
  await mallory.getByTestId('room-tray').waitFor();
  await host.getByRole('button', { name: 'Moderate Mallory' }).first().click();
  await host.getByRole('menuitem', { name: 'Ban…' }).click();
  await host.getByRole('button', { name: 'Ban Mallory' }).click();
  await expect(mallory.getByText('You can’t come back to this room')).toBeVisible();

  const everybody = ['Ada', 'Grace', 'Sam Host'];
  await expectRoster(ada, everybody);
  await moreFrames(host, 'Ada', { peerId: '', trackId: '', frames: 0 });
  const onHostsScreen = await pictureOf(host, 'Ada');
  const [graceAtFirst, adaAtFirst] = [await pictureOf(ada, 'Grace'), await pictureOf(grace, 'Ada')];

  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  await expect(ada.getByText(RECONNECTING)).toBeVisible();
  await expect(grace.getByText(RECONNECTING)).toBeVisible();
  await expect(host.getByText('The studio has stopped unexpectedly')).toBeVisible();
  await moreFrames(host, 'Ada', await pictureOf(host, 'Ada'));
  const [graceInGap, adaInGap] = [await pictureOf(ada, 'Grace'), await pictureOf(grace, 'Ada')];
  await moreFrames(ada, 'Grace', graceInGap);
  await moreFrames(grace, 'Ada', adaInGap);

  const second = await studio.start(['--port', new URL(first.address).port]);
  expect(second.address).toBe(first.address);
  await expect(ada.getByText(RECONNECTING)).toBeHidden(BACK_WITHIN);
  await expect(grace.getByText(RECONNECTING)).toBeHidden(BACK_WITHIN);
  const [graceBack, adaBack] = [await pictureOf(ada, 'Grace'), await pictureOf(grace, 'Ada')];
  await moreFrames(ada, 'Grace', graceBack);
  await moreFrames(grace, 'Ada', adaBack);
  expect(graceBack).toMatchObject({ peerId: graceAtFirst.peerId, trackId: graceAtFirst.trackId });
  expect(adaBack).toMatchObject({ peerId: adaAtFirst.peerId, trackId: adaAtFirst.trackId });
  await expectRoster(ada, everybody);
  await expectRoster(grace, everybody);

  // Without the invitation, which the ban took back: to an open room there is no need of one.
  await mallory.goto('about:blank');
  await mallory.goto(link.replace(/#.*/, ''));
  await expect(mallory.getByRole('heading', { name: 'You can’t join this room' })).toBeVisible();
  await expect(mallory.getByRole('button', { name: 'Join room' })).toHaveCount(0);

  // The host's window belongs to the new start now, with the room it was in.
  await expect(host.getByText('The studio has stopped unexpectedly')).toBeHidden();
  await expect(host.getByText(RECONNECTING)).toBeHidden(BACK_WITHIN);
  await expectRoster(host, everybody);
  const hostBack = await pictureOf(host, 'Ada');
  expect(hostBack).toMatchObject({
    peerId: onHostsScreen.peerId,
    trackId: onHostsScreen.trackId,
  });
  await moreFrames(host, 'Ada', hostBack);
  await moreFrames(ada, 'Sam Host', await pictureOf(ada, 'Sam Host'));
  await expectRoster(ada, everybody);
  await expect(host.getByText('Mallory')).toBeVisible();

  // What the window may do of its own, it may again: the studio signs for it.
  await moderatePerson(host, 'Grace', 'Mute microphone', 'Until I lift it');
  await expect(grace.getByText('A moderator muted your microphone')).toBeVisible();

  // After an orderly stop there is nothing to come back to.
  await second.stop();
  await expect(host.getByRole('heading', { name: 'The studio has stopped' })).toBeVisible();
});
