import { describe, expect, it } from 'vitest';
import { TakeSplicer } from '../../../main/recording/takes/take-splicer.ts';

/** An element with an id, a one- or two-byte size, and a content. */
function element(id: string, content: Buffer): Buffer {
  const size =
    content.length < 127
      ? Buffer.from([0x80 | content.length])
      : Buffer.from([0x40 | (content.length >> 8), content.length & 0xff]);
  return Buffer.concat([Buffer.from(id, 'hex'), size, content]);
}

const UNKNOWN = Buffer.from('01ffffffffffffff', 'hex');

function cluster(timestampMs: number, blocks: { track: number; ticks: number }[]): Buffer {
  const timestamp = Buffer.alloc(4);
  timestamp.writeUInt32BE(timestampMs);
  return Buffer.concat([
    Buffer.from('1f43b675', 'hex'),
    UNKNOWN,
    element('e7', timestamp),
    ...blocks.map(({ track, ticks }) => {
      const head = Buffer.from([0x80 | track, 0, 0, 0x80]);
      head.writeInt16BE(ticks, 1);
      return element('a3', Buffer.concat([head, Buffer.from('frame')]));
    }),
  ]);
}

/** What a recorder begins with. */
function head(name: string): Buffer {
  return Buffer.concat([
    element('1a45dfa3', Buffer.from('webm')),
    Buffer.from('18538067', 'hex'),
    UNKNOWN,
    element('1654ae6b', Buffer.from(name)),
  ]);
}

const VIDEO = 1;
const AUDIO = 2;

/** A take of a second: a picture every 40 ms, sound every 20 ms. */
function take(name: string): Buffer {
  const pictures = Array.from({ length: 25 }, (_, i) => ({ track: VIDEO, ticks: i * 40 }));
  const sounds = Array.from({ length: 50 }, (_, i) => ({ track: AUDIO, ticks: i * 20 }));
  const blocks = [...pictures, ...sounds].sort((a, b) => a.ticks - b.ticks);
  return Buffer.concat([head(name), cluster(0, blocks)]);
}

function splice(slices: readonly Buffer[]) {
  const splicer = new TakeSplicer();
  const out = Buffer.concat(slices.map((slice) => splicer.push(slice)));
  return { out, takeStartsMs: splicer.takeStartsMs };
}

/** The clusters' times as they were written, in ms. */
function clusterTimes(stream: Buffer): number[] {
  const times: number[] = [];
  const id = Buffer.from('1f43b675', 'hex');
  for (let at = stream.indexOf(id); at >= 0; at = stream.indexOf(id, at + 1)) {
    times.push(Number(stream.readBigUInt64BE(at + 14)));
  }
  return times;
}

describe('takes of a recorder', () => {
  it('follow one another, each where the last frame before it ended', () => {
    const { out, takeStartsMs } = splice([take('first'), take('second'), take('third')]);
    expect(takeStartsMs).toEqual([0, 1_000, 2_000]);
    expect(clusterTimes(out)).toEqual([0, 1_000, 2_000]);
  });

  it('share the header of the first', () => {
    const { out } = splice([take('first'), take('second')]);
    expect(out.includes('first')).toBe(true);
    expect(out.includes('second')).toBe(false);
  });

  it('are the same however their bytes are cut', () => {
    const takes = [take('first'), take('second')];
    const whole = splice(takes);
    const pieces = takes.flatMap((bytes) => [
      bytes.subarray(0, 5),
      ...Array.from(bytes.subarray(5), (byte) => Buffer.from([byte])),
    ]);
    expect(splice(pieces)).toEqual(whole);
  });

  it('are told apart where the first slice of one ends within its header', () => {
    const [first, second] = [take('first'), take('second')];
    const whole = splice([first, second]);
    for (const cut of [1, 3, 6]) {
      expect(splice([first, second.subarray(0, cut), second.subarray(cut)])).toEqual(whole);
    }
    expect(whole.takeStartsMs).toEqual([0, 1_000]);
  });

  it('do not take a half-written frame with them', () => {
    const broken = take('first').subarray(0, -3);
    const { out, takeStartsMs } = splice([broken, take('second')]);
    expect(takeStartsMs).toEqual([0, 1_000]);
    expect(out.toString('latin1').match(/frame/g)).toHaveLength(74 + 75);
  });

  it('are left out where they delivered no frame', () => {
    const { takeStartsMs } = splice([take('first'), head('empty'), take('third')]);
    expect(takeStartsMs).toEqual([0, 1_000]);
  });

  it('begin at zero even where the recorder’s first frame did not', () => {
    const late = Buffer.concat([head('late'), cluster(500, [{ track: VIDEO, ticks: 40 }])]);
    expect(clusterTimes(splice([late]).out)).toEqual([0]);
  });
});

describe('a stream of which a slice was lost', () => {
  it('goes on with the next cluster', () => {
    const blocks = [
      { track: VIDEO, ticks: 0 },
      { track: AUDIO, ticks: 20 },
    ];
    const first = cluster(0, blocks);
    const { out } = splice([
      Buffer.concat([head('first'), first.subarray(0, 30)]),
      // The slice with the rest of the cluster is missing.
      Buffer.concat([Buffer.alloc(200, 0xff), cluster(2_000, blocks)]),
    ]);
    expect(clusterTimes(out)).toEqual([0, 2_000]);
  });
});
