import { describe, expect, it } from 'vitest';
import { firstLines, lastLines, runQuietly } from '../../../scripts/setup/run-quietly.mjs';

const node = process.execPath;

describe('running a tool with its noise kept aside', () => {
  it('keeps what it printed and tells how it ended', async () => {
    const outcome = await runQuietly(node, [
      '-e',
      'console.log("one"); console.error("two"); process.exitCode = 3',
    ]);
    expect(outcome).toMatchObject({ ok: false, why: 'ended with code 3' });
    expect(outcome.output.split('\n').sort()).toEqual(['', 'one', 'two']);
  });

  it('tells a tool that is not there from one that failed', async () => {
    const outcome = await runQuietly('/nowhere/at-all', []);
    expect(outcome).toMatchObject({ ok: false, why: expect.stringContaining('ENOENT') });
  });

  it('stops a tool that takes too long', async () => {
    const outcome = await runQuietly(node, ['-e', 'setInterval(() => {}, 1000)'], {
      timeoutMs: 50,
    });
    expect(outcome).toMatchObject({ ok: false, why: expect.stringContaining('was stopped after') });
  });

  it('stops a download that stands still, and only then', async () => {
    let bytes = 0;
    let polls = 0;
    const outcome = await runQuietly(node, ['-e', 'setInterval(() => {}, 1000)'], {
      silenceMs: 500,
      progressBytes: () => {
        polls += 1;
        if (polls <= 3) bytes += 1;
        return bytes;
      },
    });
    expect(outcome.why).toContain('without a sign of life');
    expect(polls).toBeGreaterThan(3);
  });

  it('shows the first or last lines that say something', () => {
    expect(lastLines('a\n\nb\r\n  \nc\n', 2)).toBe('b\nc');
    expect(firstLines('\na\n\nb\nc', 2)).toBe('a\nb');
  });
});
