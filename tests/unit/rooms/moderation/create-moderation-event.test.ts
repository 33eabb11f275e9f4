import { beforeAll, expect, it } from 'vitest';
import { moderationText } from '../../../../protocol/moderation-text.ts';
import {
  createModerationEvent,
  type UnsignedAct,
} from '../../../../renderer/rooms/moderation/create-moderation-event.ts';
import { ModerationGossip } from '../../../../renderer/rooms/moderation/moderation-gossip.ts';
import { ModerationLog } from '../../../../renderer/rooms/moderation/moderation-log.ts';
import {
  act,
  believesAll,
  type Cast,
  cast,
  NOW_MS,
  ROOM,
  signText,
  ticketOf,
  trustOf,
} from './moderation-fixtures.ts';

let people: Cast;
let ticket: string;

beforeAll(async () => {
  people = await cast();
  ticket = await ticketOf(people.ada, 'host', people.node);
});

it('an act of one’s own is what others believe, ordered after what was seen', async () => {
  const log = new ModerationLog({ verify: believesAll });
  // Not waited for: acting waits until it is merged.
  const gossip = new ModerationGossip({ log, send: nobody, broadcast: nobody });
  const received = [5, 6].map((lamport) =>
    gossip.receive('a', { type: 'moderation:events', events: [act({ lamport })] }),
  );
  const event = await decided(
    { action: 'mute', scope: 'both', reason: ' noise ' },
    { log, settled: () => gossip.settled() },
  );
  await Promise.all(received);
  expect(event).toMatchObject({ lamport: 7, reason: 'noise', ticket });
  expect(await trustOf(people)(event)).toEqual({ ok: true });
});

it('of two quick acts the second one holds, whichever is signed first', async () => {
  const log = new ModerationLog({ verify: believesAll });
  const [mute, unmute] = await Promise.all([
    decided({ action: 'mute', scope: 'audio' }, { log }),
    decided({ action: 'unmute', scope: 'audio' }, { log }),
  ]);
  await log.merge([unmute, mute]);
  expect(log.state(NOW_MS).get(people.sam.userId)).toEqual({});
});

it('a removal reaches somebody who came after this computer’s clock', async () => {
  const joinedAt = new Date(NOW_MS + 9000).toISOString();
  const event = await decided({ action: 'remove' }, { target: { joinedAt } });
  expect(event.at).toBe(joinedAt);
});

it('a lamport time that somebody drove up to the limit can be followed', async () => {
  const log = new ModerationLog({ verify: believesAll });
  await log.merge([act({ lamport: NOW_MS + 5000 })]);
  const event = await decided({ action: 'unban' }, { log });
  expect(event.lamport).toBe(NOW_MS + 5001);
  expect(await trustOf(people)(event)).toEqual({ ok: true });
});

it('what nobody would take is refused before it is signed', async () => {
  const signer = { signModeration: () => Promise.reject(new Error('was signed')) };
  const asked = { action: 'ban', reason: 'x'.repeat(201) } as const;
  await expect(decided(asked, { signer })).rejects.toMatchObject({
    code: 'validation-failed',
    fields: [{ path: 'reason' }],
  });
});

function nobody(): never {
  throw new Error('There is no channel.');
}

function decided(
  what: Pick<UnsignedAct, 'action' | 'scope' | 'reason'>,
  change: Partial<Parameters<typeof createModerationEvent>[1]> = {},
) {
  const { ada, sam } = people;
  return createModerationEvent(
    { roomId: ROOM, targetPeerId: sam.peerId, targetUserId: sam.userId, ...what },
    {
      signer: { signModeration: (event) => signText(moderationText(event), ada.privateKey) },
      actor: { userId: ada.userId, role: 'host' },
      ticket: () => ticket,
      log: new ModerationLog({ verify: believesAll }),
      settled: async () => undefined,
      now: () => NOW_MS,
      ...change,
    },
  );
}
