import { describe, expect, it } from 'vitest';
import { encodeChunk, SWARM_WIRE, WireMessage } from '../../../protocol/swarm-wire.ts';
import {
  channelPair,
  connect,
  genuine,
  type MemoryChannel,
  nameOf,
  SEGMENT_BYTES,
  SEGMENTS,
  TestViewer,
} from './linked-loaders.ts';

describe('segments', () => {
  it('come from a viewer who has them, and from the node else', async () => {
    const [first, second] = [new TestViewer('peer-one'), new TestViewer('peer-two')];
    connect(first, second);
    for (let number = 0; number < 4; number += 1) await first.load(number);
    second.aheadS = 2;
    for (let number = 0; number < 5; number += 1) {
      expect(await second.load(number)).toEqual(genuine(number));
    }
    expect(second.asked).toEqual([nameOf(4)]);
    expect(second.figures.getState()).toMatchObject({
      bytesFromPeers: 4 * SEGMENT_BYTES,
      bytesFromNode: SEGMENT_BYTES,
      badSegments: 0,
      peers: 1,
    });
    expect(first.figures.getState().bytesSent).toBe(4 * SEGMENT_BYTES);
  });

  it('that several need at once are had from the node once', async () => {
    const [first, second] = [new TestViewer('peer-one'), new TestViewer('peer-two')];
    connect(first, second);
    for (let number = 0; number < SEGMENTS; number += 1) {
      const both = await Promise.all([first.load(number), second.load(number)]);
      expect(both).toEqual([genuine(number), genuine(number)]);
    }
    expect([...first.asked, ...second.asked]).toHaveLength(SEGMENTS);
    expect(first.asked.length).toBeGreaterThan(0);
    expect(second.asked.length).toBeGreaterThan(0);
  });

  it('are had from the node at once when the player is about to stall', async () => {
    const [first, second] = [new TestViewer('peer-one'), new TestViewer('peer-two')];
    connect(first, second);
    await first.load(0);
    second.aheadS = 0;
    await second.load(0);
    expect(second.asked).toEqual([nameOf(0)]);
  });

  it('that the node itself changed are not played and not passed on', async () => {
    const [first, second] = [new TestViewer('peer-one'), new TestViewer('peer-two')];
    connect(first, second);
    second.aheadS = 2;
    first.node = (number) => flipped(genuine(number), 5);
    await expect(first.load(0)).rejects.toMatchObject({ code: 'recording-damaged' });
    expect(first.figures.getState()).toMatchObject({ badSegments: 1, bytesFromNode: 0 });
    expect(await second.load(0)).toEqual(genuine(0));
    expect(second.asked).toEqual([nameOf(0)]);
  });

  it('go to nobody any more once sharing is off', async () => {
    const [first, second] = [new TestViewer('peer-one'), new TestViewer('peer-two')];
    connect(first, second);
    await first.load(0);
    second.loader.leave();
    await second.load(0);
    expect(second.asked).toEqual([nameOf(0)]);
  });
});

/** Plays the other viewer by hand: says that it has everything, and answers as told. */
function hostile(victim: TestViewer, answer: (channel: MemoryChannel, id: number) => void) {
  const [theirs, ours] = channelPair();
  victim.meet('peer-evil', theirs);
  ours.onMessage = (data) => {
    if (typeof data !== 'string') return;
    const message = WireMessage.parse(JSON.parse(data));
    if (message.type === 'want') answer(ours, message.id);
  };
  ours.send(
    JSON.stringify({ type: 'have', ranges: [[0, SEGMENTS]], fetching: [], playing: SEGMENTS }),
  );
  return ours;
}

function say(channel: MemoryChannel, message: unknown): void {
  channel.send(JSON.stringify(message));
}

function sendBytes(channel: MemoryChannel, id: number, bytes: Uint8Array<ArrayBuffer>): void {
  for (let from = 0; from < bytes.length; from += SWARM_WIRE.chunkBytes) {
    channel.send(encodeChunk(id, bytes.subarray(from, from + SWARM_WIRE.chunkBytes)));
  }
}

function flipped(bytes: Uint8Array<ArrayBuffer>, bit: number): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

describe('a hostile viewer', () => {
  it('can flip no bit of a segment: a thousand tries, none played, none passed on', async () => {
    const bits = SEGMENT_BYTES * 8;
    let played = 0;
    let passedOn = 0;
    for (let attempt = 0; attempt < 1_000; attempt += 1) {
      const bit = (attempt * 7919 * 31) % bits;
      const [victim, other] = [new TestViewer('peer-one'), new TestViewer('peer-two')];
      const evil = hostile(victim, (channel, id) => {
        say(channel, { type: 'data', id, segment: 0, sizeBytes: SEGMENT_BYTES });
        sendBytes(channel, id, flipped(genuine(0), bit));
      });
      await Promise.resolve();
      const bytes = await victim.load(0);
      connect(victim, other);
      const passed = await other.load(0);
      if (!Buffer.from(genuine(0)).equals(bytes)) played += 1;
      if (!Buffer.from(genuine(0)).equals(passed)) passedOn += 1;
      expect(victim.figures.getState()).toMatchObject({ badSegments: 1, bytesFromPeers: 0 });
      expect(victim.offences).toEqual(['sent a segment that the host did not sign']);
      expect(evil.isOpen).toBe(false);
      expect(victim.asked).toEqual([nameOf(0)]);
    }
    expect({ played, passedOn }).toEqual({ played: 0, passedOn: 0 });
  }, 60_000);

  it.each<[string, (channel: MemoryChannel, id: number) => void, string]>([
    [
      'says another size than was signed',
      (channel, id) => say(channel, { type: 'data', id, segment: 0, sizeBytes: 1e12 }),
      'sent a segment of another size',
    ],
    [
      'sends more than it said',
      (channel, id) => {
        say(channel, { type: 'data', id, segment: 0, sizeBytes: SEGMENT_BYTES });
        sendBytes(channel, id, new Uint8Array(SEGMENT_BYTES + 1));
      },
      'sent more than it said',
    ],
    [
      'sends another segment than was asked for',
      (channel, id) => say(channel, { type: 'data', id, segment: 5, sizeBytes: SEGMENT_BYTES }),
      'sent another segment than asked for',
    ],
    [
      'sends what nobody asked for',
      (channel, id) => channel.send(encodeChunk(id + 1_000, new Uint8Array(10))),
      'sent bytes that nobody asked for',
    ],
    [
      'sends bytes without saying of what',
      (channel, id) => channel.send(encodeChunk(id, new Uint8Array(10))),
      'sent bytes without saying of what',
    ],
    ['sends junk', (channel) => channel.send('{"type":"have","ranges":[[1]]}'), 'no known kind'],
    ['sends no JSON', (channel) => channel.send('{{{{'), 'no known kind'],
    [
      'sends a huge message',
      (channel) => channel.send(new Uint8Array(1024 * 1024)),
      'bytes of no known kind',
    ],
    [
      'floods',
      (channel) => {
        for (let n = 0; n < 500; n += 1) say(channel, { type: 'cancel', id: n });
      },
      'sent too many messages',
    ],
    [
      'asks for everything at once',
      (channel) => {
        for (let n = 0; n < 50; n += 1) say(channel, { type: 'want', id: n, segment: n });
      },
      'asked for too much at once',
    ],
  ])('that %s is closed, and the segment is had elsewhere', async (_what, answer, offence) => {
    const victim = new TestViewer('peer-one');
    const evil = hostile(victim, answer);
    await Promise.resolve();
    expect(await victim.load(0)).toEqual(genuine(0));
    expect(victim.offences).toEqual([expect.stringContaining(offence)]);
    expect(evil.isOpen).toBe(false);
    expect(victim.peers).toBe(0);
    expect(victim.asked).toEqual([nameOf(0)]);
  });

  it('that promises and sends nothing holds nobody up for long', async () => {
    const victim = new TestViewer('peer-one');
    victim.aheadS = 1.6;
    hostile(victim, () => undefined);
    await Promise.resolve();
    expect(await victim.load(0)).toEqual(genuine(0));
    expect(victim.asked).toEqual([nameOf(0)]);
    expect(victim.peers).toBe(1);
  });

  it('that says it has nothing after all is not asked twice', async () => {
    const victim = new TestViewer('peer-one');
    let asked = 0;
    hostile(victim, (channel, id) => {
      asked += 1;
      say(channel, { type: 'gone', id });
    });
    await Promise.resolve();
    victim.aheadS = 2;
    expect(await victim.load(0)).toEqual(genuine(0));
    expect(asked).toBe(1);
  });
});
