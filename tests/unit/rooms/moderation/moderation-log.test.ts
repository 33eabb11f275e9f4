import { beforeAll, describe, expect, it } from 'vitest';
import type { SignedModerationEvent } from '../../../../protocol/moderation.ts';
import { boundedMap } from '../../../../renderer/rooms/moderation/bounded-map.ts';
import type { EventVerdict } from '../../../../renderer/rooms/moderation/event-refusal.ts';
import { ModerationLog } from '../../../../renderer/rooms/moderation/moderation-log.ts';
import {
  act,
  believesAll,
  type Cast,
  cast,
  NOW_MS,
  signedBy,
  ticketOf,
  trustOf,
  userId,
} from './moderation-fixtures.ts';

const SAM = userId('target');
const cleo = { userId: userId('cleo'), role: 'cohost' } as const;

let people: Cast;

beforeAll(async () => {
  people = await cast();
});

describe('what is merged', () => {
  it('is told of once, however often it comes, also at the same time', async () => {
    const { log, told } = logWithEars();
    const event = act();
    const outcomes = await Promise.all([log.merge([event, event]), log.merge([event])]);
    expect(outcomes.map(({ accepted }) => accepted)).toEqual([[event], []]);
    await log.merge([event]);
    expect(told).toEqual([[event]]);
  });

  it('is believed only with a signature, and the rest is taken nevertheless', async () => {
    const { log, told } = logWithEars(trustOf(people));
    const { ada, sam, node } = people;
    const actor = { userId: ada.userId, role: 'host' } as const;
    const { kid: _kid, signature: _none, ...unsigned } = act({ actor, targetUserId: sam.userId });
    const good = await signedBy(ada, unsigned, await ticketOf(ada, 'host', node));
    const tampered = { ...good, eventId: 'mod_tampered00000000' };
    const outcome = await log.merge([tampered, good]);
    expect(outcome.accepted).toEqual([good]);
    expect(outcome.refused).toMatchObject([
      { event: tampered, verdict: { code: 'signature-invalid' } },
    ]);
    expect(told).toEqual([[good]]);
    expect(log.has(tampered.eventId)).toBe(false);
  });

  it('and can’t be checked now is neither held nor held against anybody', async () => {
    const log = new ModerationLog({
      verify: async ({ lamport }) => {
        if (lamport === 1) throw new Error('The node does not answer.');
        return { ok: true };
      },
    });
    const outcome = await log.merge([act(), act({ lamport: 2 })]);
    expect(outcome.unchecked).toMatchObject([{ error: { message: 'The node does not answer.' } }]);
    expect(outcome.refused).toEqual([]);
    expect(log.events).toHaveLength(1);
  });

  it('goes on after a listener has failed', async () => {
    const log = new ModerationLog({ verify: believesAll });
    const stop = log.on('changed', () => {
      throw new Error('a broken listener');
    });
    await expect(log.merge([act()])).rejects.toThrow('broken listener');
    stop();
    await log.merge([act()]);
    expect(log.events).toHaveLength(2);
  });
});

describe('of two events with one id', () => {
  it('the same one is refused whichever came first', async () => {
    const mute = act({ eventId: 'mod_twice000000000000' });
    const unmute = { ...mute, action: 'unmute' as const, signature: 'B'.repeat(86) };
    const logs = [
      new ModerationLog({ verify: believesAll }),
      new ModerationLog({ verify: believesAll }),
    ];
    for (const event of [mute, unmute]) await logs[0]?.merge([event]);
    for (const event of [unmute, mute]) await logs[1]?.merge([event]);
    expect(logs[0]?.events).toEqual([mute]);
    expect(logs[1]?.events).toEqual([mute]);
    expect((await logs[0]?.merge([unmute]))?.accepted).toEqual([]);
  });

  it('the host’s stays: a cohost can’t take its id first', async () => {
    const byHost = act({ eventId: 'mod_squatted0000000', action: 'unban' });
    const byCohost = {
      ...act({ actor: cleo }),
      eventId: byHost.eventId,
      signature: 'B'.repeat(86),
    };
    const log = new ModerationLog({ verify: believesAll });
    await log.merge([byCohost]);
    expect((await log.merge([byHost])).accepted).toEqual([byHost]);
    expect((await log.merge([byCohost])).accepted).toEqual([]);
    expect(log.events).toEqual([byHost]);
  });
});

it('a full log keeps what the host decided, and of the rest the latest', async () => {
  const log = new ModerationLog({ verify: believesAll, capacity: 3 });
  const host = act({ lamport: 1, action: 'ban' });
  const flood = [2, 3, 4, 5, 6].map((lamport) => act({ lamport, actor: cleo }));
  await log.merge([host]);
  await log.merge(flood);
  expect(log.events.map(({ lamport }) => lamport)).toEqual([1, 5, 6]);
  const [oldest] = flood;
  expect((await log.merge(oldest ? [oldest] : [])).accepted).toEqual([]);
});

describe('the lamport clock', () => {
  it('is one past what was seen, and gives no time twice', async () => {
    const log = new ModerationLog({ verify: believesAll });
    expect(log.next()).toBe(1);
    await log.merge([act({ lamport: 41 }), act({ lamport: 7 })]);
    expect([log.next(), log.next()]).toEqual([42, 43]);
  });

  it('is not moved by what is not believed', async () => {
    const log = new ModerationLog({ verify: refusesAll });
    await log.merge([act({ lamport: 41 })]);
    expect(log.next()).toBe(1);
  });
});

describe('what holds', () => {
  it('is worked out again only when something changed or ran out', async () => {
    const log = new ModerationLog({ verify: believesAll });
    const expiresAt = new Date(NOW_MS + 1000).toISOString();
    await log.merge([act({ expiresAt })]);
    const first = log.state(NOW_MS);
    expect(log.state(NOW_MS + 999)).toBe(first);
    expect(log.nextExpiryMs(NOW_MS)).toBe(NOW_MS + 1000);

    expect(log.state(NOW_MS + 1000).get(SAM)).toEqual({});
    expect(log.nextExpiryMs(NOW_MS + 1000)).toBeUndefined();
    expect(log.state(NOW_MS).get(SAM)?.audioMute).toBeDefined();

    await log.merge([act({ lamport: 2, action: 'unmute' })]);
    expect(log.state(NOW_MS).get(SAM)).toEqual({});
  });

  it('follows who came as a cohost', async () => {
    const { log, told } = logWithEars();
    await log.merge([act({ actor: cleo })]);
    expect(log.state(NOW_MS).get(SAM)?.audioMute).toBeDefined();
    log.setCohosts([SAM]);
    log.setCohosts([SAM]);
    expect(log.state(NOW_MS).get(SAM)).toBeUndefined();
    expect(told.slice(1)).toEqual([[]]);
  });
});

it('no more is checked at a time than the limit, and everything is checked', async () => {
  let atWork = 0;
  let most = 0;
  const results = await boundedMap([1, 2, 3, 4, 5, 6, 7], 3, async (n) => {
    atWork += 1;
    most = Math.max(most, atWork);
    await Promise.resolve();
    atWork -= 1;
    return n * 2;
  });
  expect(results).toEqual([2, 4, 6, 8, 10, 12, 14]);
  expect(most).toBe(3);
});

async function refusesAll(): Promise<EventVerdict> {
  return { ok: false, code: 'signature-invalid', sentence: 'No.' };
}

function logWithEars(
  verify: (event: SignedModerationEvent) => Promise<EventVerdict> = believesAll,
) {
  const log = new ModerationLog({ verify });
  const told: (readonly SignedModerationEvent[])[] = [];
  log.on('changed', ({ events }) => told.push(events));
  return { log, told };
}
