import { beforeEach, describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../protocol/errors.ts';
import { CopiedFiles } from '../../../renderer/replay/copied-files.ts';
import { NodeGone } from '../../../renderer/replay/node-files.ts';

const { signal } = new AbortController();
let asked: string[] = [];
let nowMs = 0;
let from: string | undefined;
const answers = new Map<string, () => Uint8Array<ArrayBuffer>>();

function files(name: string) {
  return {
    async bytes() {
      asked.push(name);
      const answer = answers.get(name);
      if (!answer) throw new NodeGone(name);
      return answer();
    },
  };
}

const copied = (...origins: string[]) =>
  new CopiedFiles({
    own: files('own'),
    copies: origins.map((origin) => ({ origin, files: files(origin) })),
    from: (origin) => {
      from = origin;
    },
    now: () => nowMs,
  });
const ok = () => new Uint8Array([1]);

beforeEach(() => {
  asked = [];
  nowMs = 0;
  from = undefined;
  answers.clear();
});

describe('files of a recording with copies elsewhere', () => {
  it('come from its own node while that answers', async () => {
    answers.set('own', ok).set('a', ok);
    await copied('a').bytes('init.mp4', 10, signal);
    expect(asked).toEqual(['own']);
    expect(from).toBeUndefined();
  });

  it('come from a copy while it does not, and from itself again later', async () => {
    answers.set('a', ok);
    const both = copied('a');
    await both.bytes('1', 10, signal);
    await both.bytes('2', 10, signal);
    expect(asked).toEqual(['own', 'a', 'a']);
    expect(from).toBe('a');
    answers.set('own', ok);
    nowMs = 30_000;
    await both.bytes('3', 10, signal);
    expect(asked.at(-1)).toBe('own');
    expect(from).toBeUndefined();
  });

  it('come from the next copy where one is away as well, and from that one first then', async () => {
    answers.set('b', ok);
    const three = copied('a', 'b', 'c');
    await three.bytes('1', 10, signal);
    const before = asked.length;
    await three.bytes('2', 10, signal);
    expect(asked.slice(before)).toEqual(['b']);
  });

  it('are refused as the own node refuses them', async () => {
    answers.set('own', () => {
      throw new ProtocolError('recording-expired', 'Gone.');
    });
    answers.set('a', ok);
    await expect(copied('a').bytes('1', 10, signal)).rejects.toMatchObject({
      code: 'recording-expired',
    });
    expect(asked).toEqual(['own']);
  });

  it('are nowhere where nobody answers', async () => {
    await expect(copied('a').bytes('1', 10, signal)).rejects.toBeInstanceOf(NodeGone);
    await expect(copied().bytes('1', 10, signal)).rejects.toBeInstanceOf(NodeGone);
  });
});
