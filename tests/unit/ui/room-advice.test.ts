import { describe, expect, test } from 'vitest';
import type { Participant, Room } from '../../../protocol/rooms.ts';
import { relayWords } from '../../../renderer/diagnostics/panel/session-words.ts';
import { seatsOf } from '../../../renderer/rooms/moderator-acts.ts';
import { relayUse } from '../../../renderer/rooms/relay-use.ts';
import { crowdAdvice } from '../../../renderer/stage/crowd-advice.ts';
import { relayAdvice } from '../../../renderer/stage/relay-advice.ts';
import { participant, room } from '../rooms/room-fixtures.ts';

const OFF = { audio: false, video: true };
const ON = { audio: false, video: false };

/** A room with so many cameras of others, seen by somebody with a role and a camera on or off. */
function seenBy(
  role: Participant['role'],
  own: Participant['muted'],
  cameras: number,
  where: Partial<Room> = {},
) {
  const others = Array.from({ length: cameras }, (_, i) => participant(`p${i}`));
  const me = participant('me', { role, muted: own });
  return crowdAdvice({
    participants: seatsOf([...others, participant('quiet', { muted: OFF }), me]),
    self: { peerId: me.peerId, role, muted: own },
    room: { ...room(), ...where },
  });
}

describe('a crowd of cameras', () => {
  test('is nothing to speak of up to six', () => {
    expect(seenBy('speaker', ON, 5)).toBeUndefined();
    expect(seenBy('host', OFF, 6)).toBeUndefined();
  });

  test('is nothing to speak of where a relay carries them', () => {
    expect(seenBy('speaker', ON, 9, { topology: 'relay' })).toBeUndefined();
  });

  test('leads to advice for whoever sends one', () => {
    expect(seenBy('speaker', ON, 6)).toMatchObject({
      title: '7 cameras are on',
      words: expect.stringMatching(/Everybody here sends .* to everybody.*With your camera off/),
      ownCamera: true,
    });
  });

  test('leads to advice for the host without one, who can ask the others', () => {
    expect(seenBy('host', OFF, 7)).toMatchObject({
      words: expect.stringContaining('Ask people'),
      ownCamera: false,
    });
  });

  test('is no concern of somebody who sends none', () => {
    expect(seenBy('speaker', OFF, 9)).toBeUndefined();
  });
});

describe('the relay', () => {
  const people = seatsOf([
    participant('a', { connection: 'turn' }),
    participant('b', { connection: 'turn' }),
    participant('c'),
  ]);

  test('is not spoken of while there is enough', () => {
    const use = relayUse({ room: room(), participants: people });
    expect(relayAdvice(use)).toBeUndefined();
    expect(relayWords(use)).toBe('2 people');
    expect(relayWords(relayUse({ room: room(), participants: {} }))).toBeUndefined();
  });

  test.each([
    [
      'strained',
      3,
      /nearly full/,
      /carries 2 people .* takes 3/,
      '2 of at most 3 people, nearly full',
    ],
    ['full', 2, /is full/, /carries 2 people .* no more/, '2 of at most 2 people, full'],
  ] as const)('that is %s is told with its figures', (relay, relayCap, title, sentence, words) => {
    const use = relayUse({ room: room({ relay, relayCap }), participants: people });
    expect(relayAdvice(use)).toMatchObject({
      title: expect.stringMatching(title),
      words: expect.stringMatching(sentence),
    });
    expect(relayWords(use)).toBe(words);
  });
});
