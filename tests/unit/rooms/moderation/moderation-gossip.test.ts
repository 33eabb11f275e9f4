import { describe, expect, it } from 'vitest';
import type { SignedModerationEvent } from '../../../../protocol/moderation.ts';
import {
  MAX_PEER_MESSAGE_BYTES,
  type PeerMessage,
  PeerMessage as PeerMessageSchema,
} from '../../../../protocol/peer-messages.ts';
import type { EventVerdict } from '../../../../renderer/rooms/moderation/event-refusal.ts';
import { messageParts } from '../../../../renderer/rooms/moderation/message-parts.ts';
import {
  MAX_REFUSED_EVENTS,
  ModerationGossip,
} from '../../../../renderer/rooms/moderation/moderation-gossip.ts';
import { ModerationLog } from '../../../../renderer/rooms/moderation/moderation-log.ts';
import { act, believesAll } from './moderation-fixtures.ts';

describe('events are told', () => {
  it('at once to everybody, when they are one’s own', async () => {
    const { log, gossip, sent } = peer();
    gossip.opened('a');
    gossip.opened('b');
    const event = act();
    await log.merge([event]);
    expect(sent).toEqual([['everybody', message(event)]]);
  });

  it('as a whole log, in parts, to whoever opens a channel', async () => {
    const { log, gossip, sent } = peer();
    const events = Array.from({ length: 45 }, (_, i) => act({ lamport: i + 1 }));
    await log.merge(events);
    gossip.opened('a');
    expect(sent.map(([to]) => to)).toEqual(['a', 'a', 'a']);
    expect(sent.flatMap(([, { events }]) => events)).toEqual(events);
  });

  it('on to those who don’t have them, and not back', async () => {
    const { gossip, sent } = peer();
    for (const id of ['a', 'b', 'c']) gossip.opened(id);
    const [old, fresh] = [act(), act()];
    await gossip.receive('a', message(old));
    await gossip.receive('b', message(old, fresh));
    expect(sent).toEqual([
      ['b', message(old)],
      ['c', message(old)],
      ['a', message(fresh)],
      ['c', message(fresh)],
    ]);
  });

  it('again to a peer whose channel opens anew, and to nobody without a channel', async () => {
    const { log, gossip, sent } = peer();
    const event = act();
    gossip.opened('a');
    gossip.closed('a');
    await log.merge([event]);
    gossip.opened('a');
    expect(sent.filter(([to]) => to === 'a')).toEqual([['a', message(event)]]);
  });

  it('no more once the room is left', async () => {
    const { log, gossip, sent } = peer();
    gossip.opened('a');
    gossip.stop();
    await gossip.receive('a', message(act()));
    await log.merge([act()]);
    expect(sent).toEqual([]);
    expect(log.events).toHaveLength(1);
  });
});

describe('a peer that sends what nobody can believe', () => {
  it('is not passed on, is counted, and is not listened to any more, also after coming back', async () => {
    const { log, gossip, sent } = peer(believesOnly('good'));
    gossip.opened('a');
    gossip.opened('b');
    const refused: string[] = [];
    const ignored: string[] = [];
    gossip.on('refused', ({ peerId, verdict }) => refused.push(`${peerId} ${verdict.code}`));
    gossip.on('ignored', ({ peerId }) => ignored.push(peerId));

    for (let i = 0; i < MAX_REFUSED_EVENTS; i++) await gossip.receive('a', message(act()));
    expect(gossip.isIgnored('a')).toBe(false);
    await gossip.receive('a', message(act({ reason: 'good' })));
    expect(log.events).toHaveLength(1);

    gossip.closed('a');
    gossip.opened('a');
    await gossip.receive('a', message(act()));
    await gossip.receive('a', message(act({ reason: 'good' })));
    expect(log.events).toHaveLength(1);
    expect(refused).toHaveLength(MAX_REFUSED_EVENTS + 1);
    expect(refused[0]).toBe('a signature-invalid');
    expect(ignored).toEqual(['a']);
    expect(sent.filter(([to]) => to === 'b')).toHaveLength(1);

    await gossip.receive('b', message(act({ reason: 'good' })));
    expect(log.events).toHaveLength(2);
  });

  it('has its queue cut off as well, without holding up the others', async () => {
    const { log, gossip } = peer(believesOnly('good'));
    const flood = Array.from({ length: 600 }, () => gossip.receive('a', message(act(), act())));
    const honest = gossip.receive('b', message(act({ reason: 'good' })));
    await Promise.all([...flood, honest]);
    expect(gossip.isIgnored('a')).toBe(true);
    expect(log.events).toHaveLength(1);
  });

  it('still gets the real event of which it made up another', async () => {
    const { log, gossip, sent } = peer(believesOnly('good'));
    gossip.opened('a');
    const real = act({ reason: 'good' });
    await gossip.receive('a', message({ ...real, reason: 'bad' }));
    await log.merge([real]);
    expect(sent).toEqual([['everybody', message(real)]]);
  });
});

it('an event that can’t be checked now is said so, and is taken when it comes again', async () => {
  let reachable = false;
  const { log, gossip } = peer(async () => {
    if (!reachable) throw new Error('The node does not answer.');
    return { ok: true };
  });
  const unchecked: string[] = [];
  gossip.on('unchecked', ({ peerId, error }) => unchecked.push(`${peerId}: ${error}`));
  const event = act();
  await gossip.receive('a', message(event));
  expect(unchecked).toEqual(['a: Error: The node does not answer.']);
  reachable = true;
  await gossip.receive('a', message(event));
  expect(log.events).toEqual([event]);
});

it('no message is larger than a channel takes, even with the longest tickets', () => {
  const long = { ticket: 'x'.repeat(2048), reason: '\u{1f600}'.repeat(100) };
  const events = Array.from({ length: 45 }, () => act(long));
  const parts = messageParts(events);
  for (const part of parts) {
    const bytes = new TextEncoder().encode(JSON.stringify(part)).length;
    expect(bytes).toBeLessThanOrEqual(MAX_PEER_MESSAGE_BYTES);
    expect(PeerMessageSchema.safeParse(part).success).toBe(true);
  }
  expect(parts.flatMap((part) => part.events)).toEqual(events);
  expect(messageParts([])).toEqual([]);
});

type Events = Extract<PeerMessage, { type: 'moderation:events' }>;

function message(...events: SignedModerationEvent[]): Events {
  return { type: 'moderation:events', events };
}

function peer(verify: (event: SignedModerationEvent) => Promise<EventVerdict> = believesAll) {
  const log = new ModerationLog({ verify });
  const sent: [string, Events][] = [];
  const keep = (to: string, told: PeerMessage) => {
    if (told.type === 'moderation:events') sent.push([to, told]);
  };
  const gossip = new ModerationGossip({
    log,
    send: keep,
    broadcast: (told) => keep('everybody', told),
  });
  return { log, gossip, sent };
}

function believesOnly(reason: string) {
  return async (event: SignedModerationEvent): Promise<EventVerdict> =>
    event.reason === reason
      ? { ok: true }
      : { ok: false, code: 'signature-invalid', sentence: 'It was changed.' };
}
