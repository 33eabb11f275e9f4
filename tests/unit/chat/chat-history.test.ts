import { beforeEach, describe, expect, it } from 'vitest';
import {
  MAX_CHAT_MESSAGES,
  MAX_CHAT_MESSAGES_OF_ONE,
  type SignedChatMessage,
} from '../../../protocol/chat.ts';
import { ChatHistory } from '../../../renderer/chat/chat-history.ts';

const userId = (name: string) => `u_${name.padEnd(22, '0')}`;

function message(n: number, by: string, atMs = n * 1000): SignedChatMessage {
  return {
    messageId: `msg_${`${by}${n}`.padStart(16, '0')}`,
    roomId: 'room_0000000000000000',
    author: { userId: userId(by), displayName: by },
    at: new Date(atMs).toISOString(),
    text: `${by} ${n}`,
    ticket: 'ticket',
    signature: 'signature',
  };
}

let history: ChatHistory;
const add = (signed: SignedChatMessage) => history.add(signed, 'speaker');
const texts = () => history.lines.map(({ text }) => text);
beforeEach(() => {
  history = new ChatHistory();
});

describe('what was said', () => {
  it('comes out alike in whatever order it was heard', () => {
    const all = [1, 2, 3].flatMap((n) => [message(n, 'ada'), message(n, 'sam')]);
    for (const signed of all) add(signed);
    const expected = texts();
    history = new ChatHistory();
    for (const signed of all.toReversed()) add(signed);
    expect(texts()).toEqual(expected);
    expect(expected.slice(0, 2)).toEqual(['ada 1', 'sam 1']);
  });

  it('loses its oldest past its capacity, and does not take them again', () => {
    const all = Array.from({ length: MAX_CHAT_MESSAGES + 1 }, (_, n) => message(n, `p${n % 5}`));
    for (const signed of all.toReversed()) add(signed);
    expect(history.lines).toHaveLength(MAX_CHAT_MESSAGES);
    expect(texts()[0]).toBe('p1 1');
    const [oldest] = all;
    expect(oldest && add(oldest)).toBeUndefined();
    expect(oldest && history.knows(oldest.messageId)).toBe(true);
    expect(texts()[0]).toBe('p1 1');
  });

  it('is not pushed out by one who says much', () => {
    add(message(0, 'ada'));
    for (let n = 1; n <= 2 * MAX_CHAT_MESSAGES_OF_ONE; n += 1) add(message(n, 'mallory'));
    expect(texts()[0]).toBe('ada 0');
    expect(history.lines).toHaveLength(MAX_CHAT_MESSAGES_OF_ONE + 1);
  });

  it('is not more than people say at once', () => {
    for (let n = 0; n < 100; n += 1) add(message(n, 'mallory', 1000 + n));
    expect(history.lines).toHaveLength(30);
  });

  it('is taken away by its author and by moderators, and by nobody else', () => {
    const signed = message(1, 'ada');
    const { messageId, roomId, at } = signed;
    add(signed);
    const by = (name: string) => ({
      ...{ messageId, roomId, at, by: userId(name), ticket: 'ticket', signature: 'signature' },
    });
    expect(history.remove(by('sam'), 'speaker')).toBe(false);
    expect(texts()).toEqual(['ada 1']);
    expect(history.remove(by('cleo'), 'cohost')).toBe(true);
    expect(texts()).toEqual([]);
    expect(add(signed)).toBeUndefined();
    expect(history.get(history.items).deletions).toHaveLength(2);
  });
});
