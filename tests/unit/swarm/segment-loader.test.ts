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
    for (let number = 0; number < 4; number += 1) await first.load(number);
    connect(first, second);
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

  it('that were signed anew are had anew, and the old ones are not passed on', async () => {
    const [first, second] = [new TestViewer('peer-one'), new TestViewer('peer-two')];
    await first.load(0);
    const remade = genuine(5);
    for (const viewer of [first, second]) viewer.remake(0, remade);
    connect(first, second);
    second.aheadS = 2;
    expect(await second.load(0)).toEqual(remade);
    expect(second.asked).toEqual([nameOf(0)]);
    expect(second.offences).toEqual([]);
    expect(await first.load(0)).toEqual(remade);
  });

  it('that somebody scrubs over make no flood: they stay with each other', async () => {
    const [first, second] = [new TestViewer('peer-one'), new TestViewer('peer-two')];
    for (let number = 0; number < SEGMENTS; number += 1) await first.load(number);
    connect(first, second);
    for (let seek = 0; seek < 500; seek += 1) {
      const moved = new AbortController();
      const loading = second.load(seek % SEGMENTS, moved.signal).catch(() => undefined);
      // As far as a request on its way.
      for (let turn = 0; turn < seek % 7; turn += 1) await Promise.resolve();
      moved.abort();
      await loading;
    }
    expect([...first.offences, ...second.offences]).toEqual([]);
    expect([first.peers, second.peers]).toEqual([1, 1]);
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

/** Whether this ends the answer to a request: it is refused, or the first of its bytes are there. */
function answers(heard: string | ArrayBuffer, id: number): boolean {
  if (typeof heard !== 'string') return new DataView(heard).getUint32(0) === id;
  const message = WireMessage.parse(JSON.parse(heard));
  return message.type === 'gone' && message.id === id;
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

  it('that has everything and sends nothing is waited for once', async () => {
    const victim = new TestViewer('peer-one');
    victim.aheadS = 2;
    let asked = 0;
    hostile(victim, () => {
      asked += 1;
    });
    await Promise.resolve();
    for (let number = 0; number < SEGMENTS; number += 1) {
      expect(await victim.load(number)).toEqual(genuine(number));
    }
    expect(asked).toBe(1);
    expect(victim.asked).toHaveLength(SEGMENTS);
  });

  it('that says it fetches everything is waited for once', async () => {
    const victim = new TestViewer('peer-one');
    victim.aheadS = 1.6;
    const [theirs, ours] = channelPair();
    victim.meet('peer-evil', theirs);
    const fetching = Array.from({ length: SEGMENTS }, (_, number) => number);
    say(ours, { type: 'have', ranges: [], fetching, playing: SEGMENTS });
    await Promise.resolve();
    await victim.load(0);
    victim.aheadS = 30;
    const loading = victim.load(1);
    // No timer runs in one turn: it is asked for at once.
    await new Promise((resolve) => setImmediate(resolve));
    expect(victim.asked).toEqual([nameOf(0), nameOf(1)]);
    expect(await loading).toEqual(genuine(1));
  });

  it('gets the same segment three times, not without end', async () => {
    const victim = new TestViewer('peer-one');
    await victim.load(0);
    const [theirs, ours] = channelPair();
    victim.meet('peer-evil', theirs);
    for (let id = 0; id < 20; id += 1) {
      say(ours, { type: 'want', id, segment: 0 });
      await expect
        .poll(() => ours.heard.some((heard) => answers(heard, id)), { interval: 1 })
        .toBe(true);
    }
    expect(victim.figures.getState().bytesSent).toBe(3 * SEGMENT_BYTES);
    expect(victim.offences).toEqual([]);
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
