import { expectAccessible, expectNoSidewaysScrolling } from '../support/accessibility.ts';
import { expect, test } from '../support/temporary-studio.ts';

test('a private project is there for its members, invited by link or name, and for nobody else', async ({
  studio,
}) => {
  const host = await studio.host();
  const { address } = await studio.start();
  await host.getByRole('link', { name: 'Projects' }).first().click();
  await host.getByRole('button', { name: 'New project' }).first().click();
  const dialog = host.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Hidden choir');
  await dialog.getByRole('radio', { name: 'Members only' }).click();
  await dialog.getByRole('button', { name: 'Create project' }).click();
  await expect(host.getByRole('heading', { name: 'Hidden choir' })).toBeVisible();
  await expect(host.getByText('Members only')).toBeVisible();
  const { pathname } = new URL(host.url());

  await host.getByLabel("What's new?").fill('Rehearsal on Friday');
  await host.getByRole('button', { name: 'Post', exact: true }).click();
  await expect(host.getByRole('article').filter({ hasText: 'Rehearsal on Friday' })).toBeVisible();

  await host.getByRole('button', { name: '1 member' }).click();
  await expect(dialog.getByText('Sam Host (you)')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Handle' }).fill('nobody-here');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await expect(dialog.getByText(/Nobody on this node has the handle/)).toBeVisible();
  await host.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog.getByRole('button', { name: 'Copy an invite link' }).click();
  await expect(dialog.getByText('Link', { exact: true })).toBeVisible();
  const link = await host.evaluate(() => navigator.clipboard.readText());
  await expectAccessible(host, 'members of a project');
  await host.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScrolling(host, 'members in a narrow window');
  await host.setViewportSize({ width: 1280, height: 720 });

  const stranger = await studio.person();
  await stranger.goto(`${address}${pathname}`);
  await expect(stranger.getByRole('heading', { name: 'There is no such project' })).toBeVisible();
  await stranger.goto(`${address}/u/sam`);
  await expect(stranger.getByText('Rehearsal on Friday')).toHaveCount(0);
  await stranger.goto(link);
  await expect(
    stranger.getByRole('heading', { name: 'You are invited to a project' }),
  ).toBeVisible();
  expect(stranger.url()).not.toContain('invite=');

  await dialog.getByRole('button', { name: 'Take back' }).click();
  await expect(dialog.getByText('Taken back')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await host.getByRole('button', { name: 'Settings' }).click();
  await dialog.getByRole('radio', { name: 'Everybody' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(host.getByText('Members only')).toHaveCount(0);
  await stranger.goto(`${address}${pathname}`);
  await expect(stranger.getByText('Rehearsal on Friday')).toBeVisible();
});
