import { beforeEach, describe, expect, it } from 'vitest';
import { OfferInbox } from '../../../main/replay/tracker/offer-inbox.ts';
import { pickRandom } from '../../../main/replay/tracker/pick-random.ts';
import { SwarmTracker, type TrackerSocket } from '../../../main/replay/tracker/swarm-tracker.ts';
import type { TrackerMessage } from '../../../protocol/swarm.ts';

const HASH = 'H'.repeat(20);
const idOf = (n: number) => String(n).padStart(20, '0');

class Line implements TrackerSocket {
  readonly heard: TrackerMessage[] = [];
  readonly isLoopback = false;
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  send(message: TrackerMessage): void {
    this.heard.push(message);
  }

  get offers() {
    return this.heard.filter((message) => 'offer' in message);
  }
}

let tracker: SwarmTracker;
beforeEach(() => {
  tracker = new SwarmTracker();
});

function join(
  n: number,
  line: Line,
  more: { offers?: number; infoHash?: string; nowMs?: number } = {},
) {
  const infoHash = more.infoHash ?? HASH;
  const offers = Array.from({ length: more.offers ?? 0 }, (_, index) => ({
    offer_id: `${n}-${index}`,
    offer: { type: 'offer' as const, sdp: 'v=0' },
  }));
  const token = 'verified before';
  tracker.announce(
    line,
    { action: 'announce', info_hash: infoHash, peer_id: idOf(n), token, offers },
    { rec: `rec_${infoHash}`, ih: infoHash, peer: idOf(n), guest: false, exp: 1_000 },
    more.nowMs ?? 0,
  );
}

describe('a swarm', () => {
  it('gives each offer to another peer, never back to its sender', () => {
    const lines = [1, 2, 3, 4].map((n) => new Line(`10.0.0.${n}`));
    for (const [index, line] of lines.entries()) join(index, line);
    join(0, lines[0] ?? new Line(''), { offers: 8 });
    expect(lines.map(({ offers }) => offers.length)).toEqual([0, 1, 1, 1]);
  });

  it('does not let a crowd at one address fill it, nor all swarms together', () => {
    for (let n = 0; n < 64; n++) join(n, new Line('10.0.0.1'));
    expect(() => join(64, new Line('10.0.0.1'))).toThrow(
      expect.objectContaining({ code: 'rate-limited' }),
    );
    join(65, new Line('10.0.0.2'));
    tracker = new SwarmTracker({ peers: 2 });
    join(1, new Line('a'), { infoHash: 'A'.repeat(20) });
    join(2, new Line('b'), { infoHash: 'B'.repeat(20) });
    expect(() => join(3, new Line('c'), { infoHash: 'C'.repeat(20) })).toThrow(
      expect.objectContaining({ code: 'swarm-full' }),
    );
    const many = new Line('many');
    tracker = new SwarmTracker();
    for (const name of 'ABCD') join(1, many, { infoHash: name.repeat(20) });
    expect(() => join(1, many, { infoHash: 'E'.repeat(20) })).toThrow(
      expect.objectContaining({ code: 'rate-limited' }),
    );
  });

  it('lets a window that comes back take its own place', () => {
    const [old, anew] = [new Line('x'), new Line('x')];
    join(1, old);
    join(1, anew);
    expect(tracker.figures().peers).toBe(1);
    expect(tracker.isMember(old)).toBe(false);
    tracker.leave(old);
    expect(tracker.figures().peers).toBe(1);
    tracker.leave(anew);
    expect(tracker.figures()).toEqual({ swarms: 0, peers: 0, offersRelayed: 0 });
  });

  it('holds no more for a peer that many offer to, and nothing for long', () => {
    const target = new Line('target');
    join(0, target);
    for (let n = 1; n < 60; n++) join(n, new Line(`10.0.1.${n}`), { offers: 0 });
    for (let round = 0; round < 40; round++) {
      for (let n = 1; n < 60; n++) {
        const line = new Line(`10.0.1.${n}`);
        join(n, line, { offers: 8 });
      }
    }
    expect(target.offers.length).toBeLessThanOrEqual(32);
    tracker.sweep(90_000, () => () => undefined);
    expect(tracker.figures().peers).toBe(0);
  });

  it('asks who may see a recording once for all its viewers', () => {
    for (let n = 0; n < 10; n++) join(n, new Line(`10.0.0.${n}`));
    let asked = 0;
    tracker.sweep(0, () => {
      asked += 1;
      return () => undefined;
    });
    expect(asked).toBe(1);
    expect(tracker.figures().peers).toBe(10);
  });
});

describe('open offers', () => {
  it('are answered once, by who was sent them, within a minute', () => {
    const inbox = new OfferInbox();
    expect(inbox.put('o', 'ann', 0)).toBe(true);
    expect(inbox.put('o', 'ann', 0)).toBe(false);
    expect(inbox.take('o', 'eve', 0)).toBe(false);
    expect(inbox.take('o', 'ann', 0)).toBe(true);
    expect(inbox.take('o', 'ann', 0)).toBe(false);
    inbox.put('o', 'ann', 0);
    expect(inbox.take('o', 'ann', 60_000)).toBe(false);
  });
});

describe('picking at random', () => {
  it('picks each once, and all where there are not enough', () => {
    expect(pickRandom([1, 2, 3], 2, () => 0)).toEqual([1, 2]);
    expect(pickRandom([1, 2, 3], 9, () => 0.99).toSorted()).toEqual([1, 2, 3]);
  });
});
