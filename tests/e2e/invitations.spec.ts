import { createInvite, enterRoom, startRoom } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';

const inviteOnly = { visibility: 'Invite only', record: false };

test('an invitation for one person brings one person in, and the host sees whom', async ({
  studio,
}) => {
  const host = await studio.host();
  await startRoom(host, { title: 'Press call', ...inviteOnly });
  const link = await createInvite(host, { who: 'Press', role: 'Listener' });
  const invite = host.getByTestId('invite').filter({ hasText: 'Press' });
  await expect(invite).toHaveAttribute('data-state', 'pending');

  const ada = await studio.person();
  await enterRoom(ada, link, 'Ada');
  await expect(invite).toHaveAttribute('data-state', 'used');
  await expect(invite).toContainText('used by Ada');
  const roster = host.getByRole('list', { name: 'People in the room' });
  await expect(roster.getByRole('listitem').filter({ hasText: 'Ada' })).toContainText('Listener');
  await expect(ada.getByTestId('invite')).toHaveCount(0);
  await expect(ada.getByRole('button', { name: 'New invite' })).toHaveCount(0);

  const second = await studio.person();
  await second.goto(link);
  await expect(second.getByRole('heading', { name: 'The invitation has been used' })).toBeVisible();
});

test('a guest whose invitation is revoked is asked out', async ({ studio }) => {
  const host = await studio.host();
  await startRoom(host, { title: 'Rehearsal', ...inviteOnly });
  const link = await createInvite(host, { who: 'Drummer' });
  const ada = await studio.person();
  await enterRoom(ada, link, 'Ada');

  await host.getByRole('button', { name: 'Take back Drummer' }).click();
  await expect(host.getByText('whoever came in by it is asked out: Ada')).toBeVisible();
  await host.getByRole('button', { name: 'Take invitation back' }).click();
  await expect(ada.getByRole('heading', { name: 'You are out of this room' })).toBeVisible();
  await expect(ada.getByText('took back the invitation that you came by')).toBeVisible();
  await expect(ada.getByTestId('room-tray')).toHaveCount(0);
  await expect(host.getByTestId('tile')).toHaveCount(1);
  await expect(host.getByTestId('invite').filter({ hasText: 'Drummer' })).toHaveCount(0);
  await host.getByRole('button', { name: 'Past' }).click();
  await expect(
    host.getByRole('list', { name: 'Past invitations' }).getByText('Drummer'),
  ).toBeVisible();

  await ada.goto('about:blank');
  await ada.goto(link);
  await expect(ada.getByRole('heading', { name: 'The invitation was taken back' })).toBeVisible();
  await ada.getByRole('button', { name: 'Ask to join' }).click();
  await ada.getByRole('button', { name: 'Ask to join' }).click();
  await expect(host.getByTestId('knock')).toContainText('Ada');
});

test('somebody invited by a link that was never used can be uninvited', async ({ studio }) => {
  const host = await studio.host();
  await startRoom(host, { title: 'Second thoughts', ...inviteOnly });
  const link = await createInvite(host, { who: 'Old friend', singleUse: false });
  await host.getByRole('button', { name: 'Take back Old friend' }).click();
  await host.getByRole('button', { name: 'Take invitation back' }).click();
  await expect(host.getByRole('button', { name: 'Take back Old friend' })).toHaveCount(0);

  const late = await studio.person();
  await late.goto(link);
  await expect(late.getByRole('heading', { name: 'The invitation was taken back' })).toBeVisible();
});
