import { beforeEach, describe, expect, it } from 'vitest';
import { type ChatMessage, chatText, chatWords } from '../../../protocol/chat.ts';
import { MAX_PEER_MESSAGE_BYTES, PeerMessage } from '../../../protocol/peer-messages.ts';
import type { Role } from '../../../protocol/rooms.ts';
import { type ChatLine, RoomChat } from '../../../renderer/chat/room-chat.ts';
import { Emitter } from '../../../renderer/rooms/emitter.ts';
import type { TopologyEvents } from '../../../renderer/rooms/topology.ts';
import {
  type Cast,
  cast,
  type Member,
  NOW_MS,
  OTHER_ROOM,
  ROOM,
  signText,
  ticketOf,
} from '../rooms/moderation/moderation-fixtures.ts';

let ticks = 0;
/** One clock for all, so that who speaks after another does so at a later time. */
const laterEachTime = () => {
  ticks += 1;
  return NOW_MS + ticks;
};

/** One person's chat, connected by hand. */
class Person extends Emitter<TopologyEvents> {
  readonly member: Member;
  readonly others = new Map<string, Person>();
  readonly sent: PeerMessage[] = [];
  readonly told: string[] = [];
  lines: readonly ChatLine[] = [];
  chat: RoomChat;

  constructor(member: Member, role: Role, people: Cast, ticket: string) {
    super();
    this.member = member;
    this.chat = new RoomChat({
      roomId: ROOM,
      self: { userId: member.userId, displayName: `The ${role}`, role: () => role },
      topology: this as never,
      signer: { signChat: (act) => signText(chatText(act), member.privateKey) },
      nodeKeys: people.node.nodeKeys,
      ticket: () => ticket,
      now: laterEachTime,
      changed: (lines) => {
        this.lines = lines;
      },
      said: ({ text }) => this.told.push(`said ${text}`),
      unsaid: () => this.told.push('unsaid'),
    });
  }

  send(peerId: string, message: PeerMessage): boolean {
    this.sent.push(message);
    const json = JSON.stringify(message);
    expect(new TextEncoder().encode(json).length).toBeLessThanOrEqual(MAX_PEER_MESSAGE_BYTES);
    this.others.get(peerId)?.emit('message', {
      peerId: this.member.peerId,
      message: PeerMessage.parse(JSON.parse(json)),
    });
    return true;
  }

  broadcast(message: PeerMessage): void {
    for (const peerId of this.others.keys()) this.send(peerId, message);
  }

  meet(other: Person): void {
    this.others.set(other.member.peerId, other);
    other.others.set(this.member.peerId, this);
    this.emit('open', { peerId: other.member.peerId });
    other.emit('open', { peerId: this.member.peerId });
  }

  /** What a peer says, as the channel brings it. */
  hears(peerId: string, message: PeerMessage): void {
    this.emit('message', { peerId, message });
  }

  get texts(): string[] {
    return this.lines.map(({ text }) => text);
  }
}

let people: Cast;
let ada: Person;
let sam: Person;
const person = async (member: Member, role: Role) =>
  new Person(member, role, people, await ticketOf(member, role, people.node));
beforeEach(async () => {
  people = await cast();
  ada = await person(people.ada, 'host');
  sam = await person(people.sam, 'speaker');
  ada.meet(sam);
});

const heard = (who: Person, texts: string[]) => expect.poll(() => who.texts).toEqual(texts);

describe('a room’s chat', () => {
  it('reaches everybody who is there, in the order of saying', async () => {
    await ada.chat.say('Good evening');
    await sam.chat.say('  Hello!\n\n\n\nHow are you?  ');
    await heard(sam, ['Good evening', 'Hello!\n\nHow are you?']);
    await heard(ada, ['Good evening', 'Hello!\n\nHow are you?']);
    expect(ada.lines.map(({ role }) => role)).toEqual(['host', 'speaker']);
  });

  it('is told to who comes later, by those who were there, without the node', async () => {
    for (let n = 0; n < 8; n += 1) await sam.chat.say(`${n} ${'ü'.repeat(1900)}`);
    await heard(ada, sam.texts);
    const cleo = await person(people.cleo, 'cohost');
    cleo.meet(ada);
    await heard(cleo, sam.texts);
    expect(cleo.told).toHaveLength(8);
  });

  it('takes a message away for everybody: one’s own, and as a moderator anybody’s', async () => {
    await ada.chat.say('Mine');
    await sam.chat.say('Yours');
    await heard(ada, ['Mine', 'Yours']);
    await heard(sam, ['Mine', 'Yours']);
    await sam.chat.unsay(ada.lines[0]?.messageId ?? '');
    await sam.chat.unsay(sam.lines[1]?.messageId ?? '');
    await heard(ada, ['Mine']);
    await heard(sam, ['Mine']);
    await sam.chat.say('Again');
    await heard(ada, ['Mine', 'Again']);
    await ada.chat.unsay(ada.lines[1]?.messageId ?? '');
    await heard(sam, ['Mine']);
    const cleo = await person(people.cleo, 'cohost');
    cleo.meet(sam);
    await heard(cleo, ['Mine']);
    expect(ada.told.filter((word) => word === 'unsaid')).toHaveLength(2);
  });

  it('refuses nothing, too much, and too many at once', async () => {
    for (const text of ['', ' \n ', '\u202e\u200f', 'x'.repeat(2001)]) {
      await expect(ada.chat.say(text)).rejects.toMatchObject({ code: 'validation-failed' });
    }
    for (let n = 0; n < 10; n += 1) await ada.chat.say(`${n}`);
    await expect(ada.chat.say('one more')).rejects.toMatchObject({ code: 'rate-limited' });
  });
});

describe('a message from a stranger', () => {
  async function forged(
    change: Partial<ChatMessage>,
    by: Member = people.mallory,
    ticketFor: Member = by,
    ticketChange: Parameters<typeof ticketOf>[3] = {},
  ): Promise<void> {
    const message: ChatMessage = {
      messageId: `msg_${'m'.repeat(16)}`,
      roomId: ROOM,
      author: { userId: by.userId, displayName: 'Mallory' },
      at: new Date(NOW_MS).toISOString(),
      text: 'Believe me',
      ...change,
    };
    const signed = {
      ...message,
      ticket: await ticketOf(ticketFor, 'speaker', people.node, ticketChange),
      signature: await signText(chatText({ message }), by.privateKey),
    };
    ada.hears(people.sam.peerId, { type: 'chat:said', messages: [signed], deletions: [] });
    // What comes after it was looked at has been looked at as well.
    await sam.chat.say('And then');
    await expect.poll(() => ada.texts).toContain('And then');
  }

  it('who was let in is believed', async () => {
    await forged({});
    expect(ada.texts).toContain('Believe me');
  });

  it.each<[string, () => Promise<void>]>([
    [
      'in somebody else’s name',
      () => forged({ author: { userId: people.ada.userId, displayName: 'Ada' } }),
    ],
    ['under somebody else’s ticket', () => forged({}, people.mallory, people.ada)],
    ['of another room', () => forged({ roomId: OTHER_ROOM })],
    [
      'with a ticket of another room',
      () => forged({}, people.mallory, people.mallory, { room: OTHER_ROOM }),
    ],
    ['from the future', () => forged({ at: new Date(NOW_MS + 120_000).toISOString() })],
    [
      'after their ticket ran out',
      () => forged({}, people.mallory, people.mallory, { expMs: NOW_MS - 60_000 }),
    ],
    [
      'with another key than the ticket’s',
      () => forged({}, people.mallory, people.mallory, { publicKey: people.sam.publicKey }),
    ],
  ])('%s is not', async (_how, forge) => {
    await forge();
    expect(ada.texts).toEqual(['And then']);
  });

  it('and a flood of them is not looked at', async () => {
    for (let n = 0; n < 500; n += 1) {
      ada.hears('peer_flood0000000', { type: 'chat:said', messages: [], deletions: [] });
    }
    const asked = ada.sent.length;
    for (let n = 0; n < 100; n += 1) {
      ada.hears('peer_flood0000000', { type: 'chat:ask' });
    }
    expect(ada.sent.length).toBe(asked);
  });
});

describe('words', () => {
  it('lose what can’t be seen and keep what can', () => {
    expect(chatWords(' a\u0000b\u202ec\n\n\n\nd 👩‍👩‍👧 ')).toBe('abc\n\nd 👩‍👩‍👧');
  });
});
