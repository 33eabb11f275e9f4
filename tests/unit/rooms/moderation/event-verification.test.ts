import { beforeAll, describe, expect, it } from 'vitest';
import type { ModerationEvent, SignedModerationEvent } from '../../../../protocol/moderation.ts';
import { moderationText } from '../../../../protocol/moderation-text.ts';
import type { Role } from '../../../../protocol/rooms.ts';
import { verifyModeration } from '../../../../renderer/rooms/moderation/event-verification.ts';
import {
  act,
  type Cast,
  cast,
  keyPair,
  type Member,
  NOW_MS,
  OTHER_ROOM,
  ROOM,
  signedBy,
  signText,
  ticketOf,
} from './moderation-fixtures.ts';

let people: Cast;

beforeAll(async () => {
  people = await cast();
});

describe('an act is believed when it is', () => {
  it('the host’s', async () => {
    expect(await verdict(await host())).toBe('ok');
  });

  it('a cohost’s', async () => {
    expect(await verdict(await cohost())).toBe('ok');
  });

  it('one whose ticket has run out since', async () => {
    const event = await host({ at: at(-3_600_000) }, { expMs: NOW_MS - 3_500_000 });
    expect(await verdict(event)).toBe('ok');
  });

  it('dated some seconds after its ticket ran out, or after now: clocks differ', async () => {
    expect(await verdict(await host({ at: at(20_000) }, { expMs: NOW_MS }))).toBe('ok');
  });

  it('signed by the node for somebody who moderates without a key at hand', async () => {
    expect(await verdict(await byNode())).toBe('ok');
  });

  it('the host’s making of a cohost', async () => {
    expect(await verdict(await host({ action: 'promote', role: 'cohost' }))).toBe('ok');
  });
});

describe('an act is refused when its ticket', () => {
  it('had expired before it', async () => {
    const event = await host({ at: at(-60_000) }, { expMs: NOW_MS - 120_000 });
    expect(await verdict(event)).toBe('ticket-expired');
  });

  it('was not yet made: acts can’t be put back to before one’s time as a moderator', async () => {
    const event = await host({ at: at(-1_200_000) }, { expMs: NOW_MS + 300_000 });
    expect(await verdict(event)).toBe('ticket-not-yet');
  });

  it('is for another room', async () => {
    expect(await verdict(await host({}, { room: OTHER_ROOM }))).toBe('ticket-other-room');
  });

  it('is signed by another node', async () => {
    const { privateKey } = await keyPair();
    expect(await verdict(await host({}, { node: { privateKey } }))).toBe('ticket-invalid');
  });

  it('is no ticket', async () => {
    expect(await verdict({ ...(await host()), ticket: 'a.b.c' })).toBe('ticket-invalid');
  });

  it('belongs to another member', async () => {
    const ticket = await ticketOf(people.cleo, 'host', people.node);
    expect(await verdict({ ...(await host()), ticket })).toBe('ticket-other-member');
  });

  it('gives a member another’s key', async () => {
    const { mallory, ada, node } = people;
    const ticket = await ticketOf(ada, 'host', node, { publicKey: mallory.publicKey });
    expect(await verdict(await signedBy(mallory, eventOf(ada, 'host'), ticket))).toBe(
      'ticket-other-member',
    );
  });

  it('makes its holder no moderator', async () => {
    for (const role of ['speaker', 'listener'] as const) {
      expect(await verdict(await cohost({}, { role }))).toBe('ticket-without-rights');
    }
  });

  it('gives another role than the act claims', async () => {
    expect(await verdict(await cohost({}, { role: 'host' }))).toBe('ticket-other-role');
  });
});

describe('an act is refused when its signature', () => {
  it('is another member’s', async () => {
    const { ada, mallory, node } = people;
    const ticket = await ticketOf(ada, 'host', node);
    expect(await verdict(await signedBy(mallory, eventOf(ada, 'host'), ticket))).toBe(
      'signature-invalid',
    );
  });

  it('was made for other fields, whichever of them was changed', async () => {
    const event = await host({ reason: 'noise', expiresAt: at(60_000) });
    const changes: Partial<SignedModerationEvent>[] = [
      { lamport: 9 },
      { at: at(1) },
      { action: 'unmute' },
      { targetUserId: people.mallory.userId },
      { targetPeerId: people.mallory.peerId },
      { scope: 'both' },
      { reason: 'other' },
      { expiresAt: at(90_000) },
    ];
    for (const change of changes) {
      expect([change, await verdict({ ...event, ...change })]).toEqual([
        change,
        'signature-invalid',
      ]);
    }
    const { expiresAt: _forEver, ...endless } = event;
    expect(await verdict(endless)).toBe('signature-invalid');
  });

  it('is replayed under another id', async () => {
    const event = { ...(await host()), eventId: 'mod_replayed00000000' };
    expect(await verdict(event)).toBe('signature-invalid');
  });

  it('was made over another kind of text', async () => {
    const event = await host();
    const text = moderationText(event).replace('swarm-moderation', 'swarm-dtls');
    const signature = await signText(text, people.ada.privateKey);
    expect(await verdict({ ...event, signature })).toBe('signature-invalid');
  });
});

describe('an act that the node is said to have signed is refused when', () => {
  it('the node has no such key', async () => {
    expect(await verdict({ ...(await byNode()), kid: 'another' })).toBe('key-unknown');
  });

  it('it was changed', async () => {
    expect(await verdict({ ...(await byNode()), lamport: 9 })).toBe('signature-invalid');
  });

  it('a member signed it', async () => {
    const event = eventOf(people.cleo, 'cohost');
    const signature = await signText(moderationText(event), people.cleo.privateKey);
    expect(await verdict({ ...event, kid: 'node', signature })).toBe('signature-invalid');
  });

  it('nobody says with which key', async () => {
    const { kid: _kid, ...event } = await byNode();
    expect(await verdict(event)).toBe('event-unsigned');
  });
});

describe('an act is refused, whoever signed it, when', () => {
  it('it is about another room', async () => {
    expect(await verdict(await host({ roomId: OTHER_ROOM }))).toBe('event-other-room');
  });

  it('it is dated in the future', async () => {
    const event = await host({ at: at(60_000) });
    expect(await verdict(event)).toBe('event-future');
  });

  it('its lamport time leaves no room for any after it', async () => {
    const event = await cohost({ lamport: Number.MAX_SAFE_INTEGER });
    expect(await verdict(event)).toBe('event-lamport');
  });

  it('its target is the host', async () => {
    const target = { targetUserId: people.ada.userId };
    expect(await verdict(await cohost(target))).toBe('target-host');
    expect(await verdict(await host(target))).toBe('target-host');
  });

  it('a cohost helps themselves', async () => {
    const event = await cohost({ action: 'unban', targetUserId: people.cleo.userId });
    expect(await verdict(event)).toBe('target-self');
  });

  it('a cohost makes cohosts', async () => {
    const event = await cohost({ action: 'promote', role: 'cohost' });
    expect(await verdict(event)).toBe('host-only');
  });

  it('somebody says they are the host who is not, even with a ticket that says so', async () => {
    const { mallory, node } = people;
    const ticket = await ticketOf(mallory, 'host', node);
    const event = await signedBy(mallory, eventOf(mallory, 'host'), ticket);
    expect(await verdict(event)).toBe('actor-not-host');
  });

  it('it lacks what it has to say', async () => {
    expect(await verdict({ ...(await host()), scope: undefined } as never)).toBe('event-malformed');
    const promoted = await host({ action: 'promote', role: 'speaker' });
    expect(await verdict({ ...promoted, role: undefined } as never)).toBe('event-malformed');
    expect(await verdict({ ...(await host()), lamport: -1 })).toBe('event-malformed');
    expect(await verdict({ ...(await host()), reason: '\ud800' })).toBe('event-malformed');
  });
});

it('a refusal says in a sentence what is wrong', async () => {
  const verdict = await verify({ ...(await host()), lamport: 9 });
  expect(verdict).toMatchObject({ ok: false, sentence: expect.stringContaining('changed') });
});

it('an act is not judged while the node’s keys can’t be had', async () => {
  const nodeKeys = () => Promise.reject(new Error('The node does not answer.'));
  const trust = { roomId: ROOM, hostUserId: people.ada.userId, nodeKeys, nowMs: NOW_MS };
  await expect(verifyModeration(await host(), trust)).rejects.toThrow('does not answer');
  await expect(verifyModeration(await byNode(), trust)).rejects.toThrow('does not answer');
});

function at(offsetMs: number): string {
  return new Date(NOW_MS + offsetMs).toISOString();
}

function verify(event: SignedModerationEvent) {
  const { ada, node } = people;
  const trust = { roomId: ROOM, hostUserId: ada.userId, nodeKeys: node.nodeKeys, nowMs: NOW_MS };
  return verifyModeration(event, trust);
}

async function verdict(event: SignedModerationEvent): Promise<string> {
  const result = await verify(event);
  return result.ok ? 'ok' : result.code;
}

/** A mute of Sam's, unsigned, but for the changes. */
function eventOf(
  actor: Member,
  role: 'host' | 'cohost',
  change: Partial<ModerationEvent> = {},
): ModerationEvent {
  const { sam } = people;
  const {
    kid: _kid,
    signature: _signature,
    ...event
  } = act({
    targetUserId: sam.userId,
    targetPeerId: sam.peerId,
    actor: { userId: actor.userId, role },
    ...change,
  });
  return event;
}

interface TicketChange {
  role?: Role;
  room?: string;
  expMs?: number;
  node?: { privateKey: CryptoKey };
}

async function host(change: Partial<ModerationEvent> = {}, ticket: TicketChange = {}) {
  const { ada, node } = people;
  const token = await ticketOf(ada, ticket.role ?? 'host', ticket.node ?? node, ticket);
  return signedBy(ada, eventOf(ada, 'host', change), token);
}

async function cohost(change: Partial<ModerationEvent> = {}, ticket: TicketChange = {}) {
  const { cleo, node } = people;
  const token = await ticketOf(cleo, ticket.role ?? 'cohost', node, ticket);
  return signedBy(cleo, eventOf(cleo, 'cohost', change), token);
}

async function byNode(): Promise<SignedModerationEvent> {
  const event = eventOf(people.cleo, 'cohost');
  const signature = await signText(moderationText(event), people.node.privateKey);
  return { ...event, kid: 'node', signature };
}
