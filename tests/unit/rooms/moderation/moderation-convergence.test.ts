import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { SignedModerationEvent } from '../../../../protocol/moderation.ts';
import { moderationText } from '../../../../protocol/moderation-text.ts';
import { createModerationEvent } from '../../../../renderer/rooms/moderation/create-moderation-event.ts';
import { enforcement } from '../../../../renderer/rooms/moderation/moderation-enforcement.ts';
import { ModerationLog } from '../../../../renderer/rooms/moderation/moderation-log.ts';
import { anyEvents } from '../../protocol/moderation-arbitraries.ts';
import {
  act,
  believesAll,
  type Cast,
  cast,
  type Member,
  NOW_MS,
  ROOM,
  signText,
  ticketOf,
  trustOf,
  userId,
} from './moderation-fixtures.ts';
import { type Peer, PeerNetwork } from './peer-network.ts';

const COHOSTS = [userId('dana')];

let people: Cast;

beforeAll(async () => {
  people = await cast();
});

it('logs that were given the same events in any order and portions hold the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyEvents().chain((events) =>
        fc.tuple(
          fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
          fc.shuffledSubarray(events, { minLength: events.length }),
          fc.integer({ min: 1, max: 7 }),
        ),
      ),
      fc.integer({ min: 3, max: 40 }),
      async ([some, others, portion], capacity) => {
        const [a, b] = [some, others].map(() => {
          const log = new ModerationLog({ verify: believesAll, capacity });
          log.setCohosts(COHOSTS);
          return log;
        });
        if (!a || !b) throw new Error('a log is missing');
        const merges = [];
        for (let i = 0; i < some.length; i += portion) {
          merges.push(a.merge(some.slice(i, i + portion)));
        }
        await Promise.all([...merges, b.merge(others)]);
        expect(a.events).toEqual(b.events);
        expect(a.state(NOW_MS)).toEqual(b.state(NOW_MS));
      },
    ),
    { numRuns: 200 },
  );
});

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('act'), a: fc.nat(), b: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('open'), a: fc.nat(), b: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('close'), a: fc.nat(), b: fc.nat() }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver'), a: fc.nat(), b: fc.nat() }) },
);

it('peers agree after any partitions, losses and delays, although each reaches only its neighbours', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyEvents(),
      fc.integer({ min: 2, max: 6 }),
      fc.array(step, { maxLength: 60 }),
      async (events, size, steps) => {
        const network = new PeerNetwork(size);
        const left = [...events];
        for (const { kind, a, b } of steps) {
          if (kind === 'open') network.open(network.peer(a), network.peer(b));
          if (kind === 'close') network.close(network.peer(a), network.peer(b));
          if (kind === 'deliver') await network.deliver(a);
          if (kind === 'act') await network.peer(a).log.merge(left.splice(0, 1));
        }
        await network.peer(0).log.merge(left);
        // What was lost comes again when channels open anew: the partition heals, along a row.
        network.closeAll();
        network.openRow();
        await network.settle();

        const all = new ModerationLog({ verify: believesAll });
        await all.merge(events);
        for (const { log } of network.peers) {
          expect(log.events).toEqual(all.events);
          expect(log.state(NOW_MS)).toEqual(all.state(NOW_MS));
        }
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

it('an event crosses no channel twice in one direction, in a full mesh of twelve', async () => {
  const network = new PeerNetwork(12);
  network.openAll();
  for (const author of network.peers) await author.log.merge([act()]);
  await network.settle();

  expect(new Set(network.carried).size).toBe(network.carried.length);
  expect(network.carried.length).toBeLessThanOrEqual(12 * 12 * 11);
  for (const { log } of network.peers) expect(log.events).toHaveLength(12);
});

it('with real keys, two moderators who decide apart come to what the host decided', async () => {
  const { ada, cleo, sam } = people;
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 20 }),
      async (hostMutes, order) => {
        const network = new PeerNetwork(4, trustOf(people));
        const [hosts, cohosts] = [network.peer(0), network.peer(3)];
        await hosts.log.merge([await decided(ada, 'host', hosts, hostMutes ? 'mute' : 'unmute')]);
        await cohosts.log.merge([
          await decided(cleo, 'cohost', cohosts, hostMutes ? 'unmute' : 'mute'),
        ]);
        expect(hosts.log.events[0]?.lamport).toBe(cohosts.log.events[0]?.lamport);

        network.openRow();
        for (const seed of order) await network.deliver(seed);
        await network.settle();
        for (const { log } of network.peers) {
          expect(log.events).toHaveLength(2);
          const { audioMute } = log.state(NOW_MS).get(sam.userId) ?? {};
          expect(audioMute?.actor.userId).toBe(hostMutes ? ada.userId : undefined);
        }
      },
    ),
    { numRuns: 20 },
  );
});

it('a moderator who comes late acts after what they were told', async () => {
  const { ada, cleo } = people;
  const network = new PeerNetwork(3, trustOf(people));
  const [host, other, late] = [network.peer(0), network.peer(1), network.peer(2)];
  network.open(host, other);
  for (let i = 0; i < 30; i++) await host.log.merge([await decided(ada, 'host', host, 'mute')]);
  await network.settle();

  // With the author gone, and while the log it is told is still being checked.
  network.close(host, other);
  network.open(other, late);
  const told = [network.deliver(0), network.deliver(0)];
  expect(network.waiting).toBe(0);
  const event = await decided(cleo, 'cohost', late, 'unmute');
  await Promise.all(told);
  expect(event.lamport).toBe(31);

  await late.log.merge([event]);
  await network.settle();
  expect(other.log.state(NOW_MS).get(people.sam.userId)).toEqual({});
});

it('a peer cut off from the node enforces what reaches it through another peer', async () => {
  const { ada, sam, mallory } = people;
  const network = new PeerNetwork(3, trustOf(people));
  network.openRow();
  const [host, , cutOff] = network.peers;
  if (!host || !cutOff) throw new Error('somebody is missing');
  await host.log.merge([
    await decided(ada, 'host', host, 'ban', mallory),
    await decided(ada, 'host', host, 'mute', sam),
  ]);
  await network.settle();

  const came = { joinedAt: new Date(NOW_MS - 60_000).toISOString() };
  const roster = [mallory, sam, ada].map((who) => ({ ...who, ...came }));
  const self = { peerId: cutOff.id, userId: userId('lin'), ...came };
  const duty = enforcement(cutOff.log.state(NOW_MS), roster, self);
  expect(duty.ended.get(mallory.peerId)?.reason).toBe('banned');
  expect([...duty.silenced]).toEqual([[sam.peerId, { audio: true, video: false }]]);
});

it('with real keys, a banned cohost can’t lift the ban among the peers', async () => {
  const { ada, cleo, mallory } = people;
  const network = new PeerNetwork(3, trustOf(people));
  network.openRow();
  const [host, accomplice] = [network.peer(0), network.peer(2)];
  await host.log.merge([await decided(ada, 'host', host, 'ban', cleo)]);
  await host.log.merge([await decided(ada, 'host', host, 'ban', mallory)]);
  await network.settle();

  const freesSelf = await decided(cleo, 'cohost', accomplice, 'unban', cleo);
  const freesFriend = await decided(cleo, 'cohost', accomplice, 'unban', mallory);
  const { refused } = await accomplice.log.merge([freesSelf, freesFriend]);
  await network.settle();
  expect(refused.map(({ verdict }) => verdict.code)).toEqual(['target-self']);
  for (const { log } of network.peers) {
    const state = log.state(NOW_MS);
    expect(state.get(cleo.userId)?.ban).toBeDefined();
    expect(state.get(mallory.userId)?.ban).toBeDefined();
  }
});

async function decided(
  actor: Member,
  role: 'host' | 'cohost',
  { log, gossip }: Peer,
  action: 'mute' | 'unmute' | 'ban' | 'unban',
  target: Member = people.sam,
): Promise<SignedModerationEvent> {
  const ticket = await ticketOf(actor, role, people.node);
  return createModerationEvent(
    {
      roomId: ROOM,
      action,
      targetPeerId: target.peerId,
      targetUserId: target.userId,
      ...((action === 'mute' || action === 'unmute') && { scope: 'audio' as const }),
    },
    {
      signer: { signModeration: (event) => signText(moderationText(event), actor.privateKey) },
      actor: { userId: actor.userId, role },
      ticket: () => ticket,
      log,
      settled: () => gossip.settled(),
      now: () => NOW_MS,
    },
  );
}
