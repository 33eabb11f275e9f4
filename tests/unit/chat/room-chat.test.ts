import { beforeEach, describe, expect, it } from 'vitest';
import { type ChatMessage, chatText, chatWords } from '../../../protocol/chat.ts';
import { MAX_PEER_MESSAGE_BYTES, PeerMessage } from '../../../protocol/peer-messages.ts';
import type { Role } from '../../../protocol/rooms.ts';
import type { ChatLine } from '../../../renderer/chat/chat-history.ts';
import { RoomChat } from '../../../renderer/chat/room-chat.ts';
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

/** One person's chat, connected by hand. */
class Person extends Emitter<TopologyEvents> {
  readonly member: Member;
  readonly others = new Map<string, Person>();
  readonly sent: PeerMessage[] = [];
  readonly told: string[] = [];
  lines: readonly ChatLine[] = [];
  /** How far this person's clock is from the others'. */
  clockMs = 0;
  keysAreAway = false;
  readonly #timers: (() => void)[] = [];
  chat: RoomChat;

  constructor(member: Member, role: Role, people: Cast, ticket: string) {
    super();
    this.member = member;
    this.chat = new RoomChat({
      roomId: ROOM,
      self: { userId: member.userId, displayName: `The ${role}`, role: () => role },
      topology: this as never,
      signer: { signChat: (act) => signText(chatText(act), member.privateKey) },
      nodeKeys: async (...args) => {
        if (this.keysAreAway) throw new TypeError('the node is away');
        return people.node.nodeKeys(...args);
      },
      ticket: () => ticket,
      now: () => NOW_MS + this.clockMs,
      later: (run) => {
        this.#timers.push(run);
        return () => undefined;
      },
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

  part(other: Person): void {
    this.others.delete(other.member.peerId);
    other.others.delete(this.member.peerId);
    this.emit('unlinked', { peerId: other.member.peerId });
    other.emit('unlinked', { peerId: this.member.peerId });
  }

  /** All that was put off is done now. */
  lets(): void {
    for (const run of this.#timers.splice(0)) run();
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
    await heard(sam, ['Good evening']);
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
    await heard(sam, ['Mine']);
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

  it('and a flood of wishes is not answered', async () => {
    await ada.chat.say('Hello');
    const [messageId = ''] = ada.lines.map((line) => line.messageId);
    const sent = ada.sent.length;
    for (let n = 0; n < 500; n += 1) {
      ada.hears('peer_flood0000000', { type: 'chat:want', messages: [messageId], deletions: [] });
    }
    expect(ada.sent.length - sent).toBe(60);
  });

  it('and who tells many that can’t be believed is not listened to any more', async () => {
    const mallory = await person(people.mallory, 'speaker');
    const signed = async (n: number, key = people.mallory.privateKey) => {
      const message: ChatMessage = {
        messageId: `msg_${`${n}`.padStart(16, 'm')}`,
        roomId: ROOM,
        author: { userId: people.mallory.userId, displayName: 'Mallory' },
        at: new Date(NOW_MS + n * 1000).toISOString(),
        text: `${n}`,
      };
      const ticket = await ticketOf(people.mallory, 'speaker', people.node);
      return { ...message, ticket, signature: await signText(chatText({ message }), key) };
    };
    const { peerId } = mallory.member;
    for (let n = 0; n < 21; n += 1) {
      const messages = [await signed(n, people.sam.privateKey)];
      ada.hears(peerId, { type: 'chat:said', messages, deletions: [] });
    }
    await sam.chat.say('First');
    await heard(ada, ['First']);
    ada.hears(peerId, { type: 'chat:said', messages: [await signed(30)], deletions: [] });
    await sam.chat.say('Second');
    await heard(ada, ['First', 'Second']);
  });
});

describe('a chat among people who come, go and lose each other', () => {
  it('stands in the order of saying, whatever the clocks say', async () => {
    ada.clockMs = 9000;
    await ada.chat.say('A question');
    await heard(sam, ['A question']);
    await sam.chat.say('The answer');
    await heard(ada, ['A question', 'The answer']);
    expect(sam.texts).toEqual(ada.texts);
  });

  it('reaches who is not connected to who speaks', async () => {
    const cleo = await person(people.cleo, 'cohost');
    cleo.meet(ada);
    await sam.chat.say('By way of Ada');
    await heard(ada, ['By way of Ada']);
    expect(cleo.texts).toEqual([]);
    ada.lets();
    await heard(cleo, ['By way of Ada']);
  });

  it('catches up when a connection comes back', async () => {
    ada.part(sam);
    await ada.chat.say('Are you there?');
    await sam.chat.say('Hello?');
    expect(ada.texts).toEqual(['Are you there?']);
    ada.meet(sam);
    await expect.poll(() => ada.texts.toSorted()).toEqual(['Are you there?', 'Hello?']);
    await expect.poll(() => sam.texts).toEqual(ada.texts);
  });

  it('asks one of those who have it, and the next where that one does not answer', async () => {
    const cleo = await person(people.cleo, 'cohost');
    await ada.chat.say('Kept by two');
    await heard(sam, ['Kept by two']);
    const [messageId = ''] = ada.lines.map((line) => line.messageId);
    cleo.hears('peer_mute00000000', { type: 'chat:have', messages: [messageId], deletions: [] });
    cleo.meet(sam);
    cleo.meet(ada);
    const wishes = () => cleo.sent.filter(({ type }) => type === 'chat:want').length;
    expect(wishes()).toBe(1);
    cleo.lets();
    await heard(cleo, ['Kept by two']);
    expect(wishes()).toBe(2);
    expect(cleo.told).toEqual(['said Kept by two']);
  });

  it('hears what it could not check once the node’s keys can be had', async () => {
    sam.keysAreAway = true;
    await ada.chat.say('Hello');
    await ada.chat.unsay(ada.lines[0]?.messageId ?? '');
    await ada.chat.say('Again');
    const unchecked = () => sam.texts;
    await expect.poll(() => sam.sent.length + ada.sent.length).toBeGreaterThan(2);
    expect(unchecked()).toEqual([]);
    sam.keysAreAway = false;
    await expect
      .poll(() => {
        sam.lets();
        return sam.texts;
      })
      .toEqual(['Again']);
  });

  it('takes a message away that is heard after it', async () => {
    await ada.chat.say('Gone already');
    await heard(sam, ['Gone already']);
    const said = ada.sent.find(({ type }) => type === 'chat:said');
    await ada.chat.unsay(ada.lines[0]?.messageId ?? '');
    const unsaid = ada.sent.findLast(({ type }) => type === 'chat:said');
    const cleo = await person(people.cleo, 'cohost');
    for (const message of [unsaid, said]) if (message) cleo.hears(sam.member.peerId, message);
    await ada.chat.say('And then');
    cleo.meet(ada);
    await heard(cleo, ['And then']);
  });

  it('takes nothing from who is banned, whoever passes it on', async () => {
    await sam.chat.say('Before');
    await heard(ada, ['Before']);
    sam.clockMs = 5000;
    await sam.chat.say('During');
    await heard(ada, ['Before', 'During']);
    ada.chat.setBans(new Map([[people.sam.userId, NOW_MS + 2000]]));
    expect(ada.texts).toEqual(['Before']);
    sam.clockMs = 6000;
    await sam.chat.say('After');
    await ada.chat.say('Peace');
    await heard(ada, ['Before', 'Peace']);
    expect(ada.told.filter((word) => word === 'unsaid')).toHaveLength(1);
  });
});

describe('words', () => {
  it('lose what can’t be seen and keep what can', () => {
    expect(chatWords(' a\u0000b\u202ec\n\n\n\nd 👩‍👩‍👧 ')).toBe('abc\n\nd 👩‍👩‍👧');
  });
});
