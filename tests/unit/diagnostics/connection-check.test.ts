import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProtocolError } from '../../../protocol/errors.ts';
import { connectionChecks } from '../../../renderer/diagnostics/check/all-checks.ts';
import type {
  CheckEnvironment,
  CheckId,
  Gathering,
} from '../../../renderer/diagnostics/check/connection-check.ts';
import {
  type CheckProgress,
  runChecks,
  verdictOf,
} from '../../../renderer/diagnostics/check/run-checks.ts';
import { judgeUpload } from '../../../renderer/diagnostics/check/upload-check.ts';
import { MediaProblem } from '../../../renderer/media/media-problem.ts';

const servers = [
  { urls: ['stun:node.example:3478', 'turn:node.example:3478'], username: 'u', credential: 'c' },
];
const never = () => new Promise<never>(() => undefined);

/** A good line to a node elsewhere: 10 ms away, 8 Mbit/s up. */
function goodPlace(change: Partial<CheckEnvironment> = {}): CheckEnvironment {
  return {
    sameComputer: false,
    openDevices: async () => ({ camera: true, microphone: true, problems: [] }),
    watchCamera: async () => undefined,
    listen: async () => 0.1,
    ping: async () => 10,
    openSocket: async () => ({ answerMs: 12 }),
    sendPictureToSelf: async () => 300,
    iceServers: async () => servers,
    gather: async () => ({ found: true, errors: [] }),
    upload: async (bytes) => 10 + bytes / 1000,
    ...change,
  };
}

async function check(
  change: Partial<CheckEnvironment> = {},
  signal = new AbortController().signal,
) {
  const seen: (readonly CheckProgress[])[] = [];
  const progress = await runChecks(connectionChecks, goodPlace(change), {
    signal,
    changed: (steps) => void seen.push(steps),
  });
  const step = (id: CheckId) => progress.find((known) => known.id === id);
  return { progress, seen, step };
}

const gathering = (more: Partial<Gathering>): CheckEnvironment['gather'] => {
  return async (want) => (want === 'relay' ? { found: false, errors: [], ...more } : found);
};
const found: Gathering = { found: true, errors: [] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the connection check', () => {
  test('finds a good place good, one step after the other', async () => {
    const { progress, seen } = await check();
    expect(progress.map(({ status }) => status)).toEqual(progress.map(() => 'fine'));
    expect(verdictOf(progress)).toBe('fine');
    expect(verdictOf(seen[0] ?? [])).toBe('running');
    for (const steps of seen) {
      expect(steps.filter(({ status }) => status === 'running').length).toBeLessThanOrEqual(1);
    }
  });

  test('ends by itself, whatever never answers', async () => {
    const names = [
      ...(['openDevices', 'watchCamera', 'listen', 'ping', 'openSocket'] as const),
      ...(['sendPictureToSelf', 'iceServers', 'gather', 'upload'] as const),
    ];
    for (const name of names) {
      const outcome = check({ [name]: never });
      await vi.runAllTimersAsync();
      const { progress } = await outcome;
      expect(verdictOf(progress), name).not.toBe('running');
      expect(verdictOf(progress), name).not.toBe('fine');
    }
  });

  test('tells a step that is late to give up', async () => {
    const aborted: string[] = [];
    const outcome = check({
      watchCamera: (_frames, signal) => {
        signal.addEventListener('abort', () => aborted.push('camera'));
        return never();
      },
    });
    await vi.runAllTimersAsync();
    expect((await outcome).step('picture')).toMatchObject({ status: 'failed' });
    expect(aborted).toEqual(['camera']);
  });

  test('stops at once when the person leaves', async () => {
    const leaving = new AbortController();
    const outcome = check({ ping: never }, leaving.signal);
    await vi.advanceTimersByTimeAsync(0);
    leaving.abort();
    const { step } = await outcome;
    expect(step('node')?.status).toBe('running');
    expect(step('upload')?.status).toBe('waiting');
  });

  test('goes on after a step that threw, with its sentence', async () => {
    const { step } = await check({
      ping: () => Promise.reject(new ProtocolError('internal', 'The node does not answer.')),
    });
    expect(step('node')).toMatchObject({ status: 'failed', sentence: 'The node does not answer.' });
    expect(step('webrtc')).toMatchObject({ status: 'fine' });
  });
});

describe('camera and microphone', () => {
  test('that are refused fail, and are not looked at', async () => {
    const { step } = await check({
      openDevices: () => Promise.reject(new MediaProblem('camera-refused')),
      watchCamera: never,
      listen: never,
    });
    expect(step('devices')).toMatchObject({
      status: 'failed',
      sentence: expect.stringMatching(/Allow it/),
    });
    expect(step('picture')?.status).toBe('skipped');
    expect(step('sound')?.status).toBe('skipped');
  });

  test('of which one is missing warn about that one', async () => {
    const { step } = await check({
      openDevices: async () => ({
        ...{ camera: false, microphone: true, problems: ['No camera was found.'] },
      }),
    });
    expect(step('devices')).toMatchObject({ status: 'warning', sentence: 'No camera was found.' });
    expect(step('picture')?.status).toBe('skipped');
    expect(step('sound')?.status).toBe('fine');
  });

  test.each([
    [0, /pure silence/],
    [0.001, /very quiet/],
  ])('heard at %s is told', async (level, words) => {
    const { step } = await check({ listen: async () => level });
    expect(step('sound')).toMatchObject({
      status: 'warning',
      sentence: expect.stringMatching(words),
    });
  });
});

describe('the way of media', () => {
  test.each<[string, Partial<Gathering>, RegExp]>([
    ['wrong credentials', { errors: [{ code: 401, url: '' }] }, /refuses the node’s credentials/],
    ['a full relay', { errors: [{ code: 486, url: '' }] }, /is full/],
    ['an unreachable relay', { errors: [{ code: 701, url: '' }] }, /can’t be reached/],
  ])('names %s', async (_what, relay, words) => {
    const { step, progress } = await check({ gather: gathering(relay) });
    expect(step('turn')).toMatchObject({
      status: 'failed',
      sentence: expect.stringMatching(words),
    });
    expect(verdictOf(progress)).toBe('failed');
  });

  test('asks each server for what it is there for', async () => {
    const asked: unknown[] = [];
    await check({
      gather: async (want, given) => {
        asked.push([want, given.flatMap(({ urls }) => urls)]);
        return found;
      },
    });
    expect(asked).toEqual([
      ['srflx', ['stun:node.example:3478']],
      ['relay', ['turn:node.example:3478']],
    ]);
  });

  test('without servers is a warning from elsewhere, and nothing to check on one computer', async () => {
    const without = { iceServers: async () => [] };
    expect((await check(without)).step('turn')?.status).toBe('warning');
    const { step } = await check({ ...without, sameComputer: true, upload: never });
    expect(step('stun')?.status).toBe('skipped');
    expect(step('turn')?.status).toBe('skipped');
    expect(step('upload')?.status).toBe('skipped');
  });

  test('asks for a name first where there is no session', async () => {
    const { step, progress } = await check({
      openSocket: async () => ({}),
      iceServers: () => Promise.reject(new ProtocolError('auth-required', 'Sign in.')),
      gather: never,
      upload: never,
    });
    for (const id of ['stun', 'turn', 'upload'] as const) {
      expect(step(id)).toMatchObject({
        status: 'skipped',
        sentence: expect.stringMatching(/^Enter your name first/),
      });
    }
    expect(verdictOf(progress)).toBe('fine');
  });
});

describe('the upload', () => {
  test('is measured without the round trip, by a second probe that fits the line', async () => {
    const sizes: number[] = [];
    const { step } = await check({
      upload: async (bytes) => {
        sizes.push(bytes);
        // 2 Mbit/s, and the 10 ms that every request takes.
        return 10 + (bytes * 8000) / 2_000_000;
      },
    });
    expect(sizes).toEqual([131_072, 375_000]);
    expect(step('upload')).toMatchObject({
      status: 'fine',
      sentence: expect.stringMatching(/^About 2\.0 Mbit\/s/),
    });
  });

  test('is not probed twice on a slow line', async () => {
    const sizes: number[] = [];
    const { step } = await check({
      upload: async (bytes) => {
        sizes.push(bytes);
        return (bytes * 8000) / 300_000;
      },
    });
    expect(sizes).toHaveLength(1);
    expect(step('upload')?.status).toBe('warning');
  });

  test.each([
    [50_000, 'failed', /hardly enough for sound/],
    [1_000_000, 'warning', /small picture/],
    [1_800_000, 'fine', /one other person/],
    [6_000_000, 'fine', /3 other people/],
    [100_000_000, 'fine', /100 Mbit\/s or more .*any room/],
  ])('of %s bit/s is %s', (bits, status, words) => {
    expect(judgeUpload(bits)).toMatchObject({ status, sentence: expect.stringMatching(words) });
  });
});
