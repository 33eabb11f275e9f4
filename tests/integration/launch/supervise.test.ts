import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SAME_WISH_MS } from '../../../scripts/setup/supervise.mjs';

const module = resolve(import.meta.dirname, '../../../scripts/setup/supervise.mjs');

describe('the launcher and the studio it runs', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'swarm-supervise-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Starts a launcher whose studio is `body`; `lines` are what the studio prints. */
  function start(body: string) {
    const program = join(folder, 'studio.mjs');
    writeFileSync(program, body);
    const launcher = `import { supervise } from ${JSON.stringify(module)};
      process.exitCode = await supervise(process.execPath, [${JSON.stringify(program)}]);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', launcher], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, line: async () => (await lines.next()).value, end: exitCode(child) };
  }

  it('waits until the studio has stopped by itself, and ends as it ended', async () => {
    const { child, line, end } = start(`
      process.on('SIGTERM', () => { console.log('finishing'); clearInterval(alive); process.exitCode = 7; });
      const alive = setInterval(() => {}, 1000);
      console.log('ready');`);
    expect(await line()).toBe('ready');
    child.kill('SIGTERM');
    expect(await line()).toBe('finishing');
    expect(await end).toBe(7);
  });

  it('tells the studio once when Ctrl-C arrives twice, from the terminal and from npm', async () => {
    const { child, line, end } = start(`
      // A second SIGINT would end it by that signal, before it has finished.
      process.once('SIGINT', () => setTimeout(() => process.exit(0), ${SAME_WISH_MS / 2}));
      setInterval(() => {}, 1000);
      console.log('ready');`);
    await line();
    interruptGroup(child);
    child.kill('SIGINT');
    expect(await end).toBe(0);
  });

  it('stops a studio that does not stop when it is asked a second time', async () => {
    const { child, line, end } = start(`
      process.on('SIGTERM', () => setTimeout(() => console.log('still here'), ${SAME_WISH_MS}));
      setInterval(() => {}, 1000);
      console.log('ready');`);
    await line();
    child.kill('SIGTERM');
    expect(await line()).toBe('still here');
    child.kill('SIGTERM');
    expect(await end).toBe(128 + 9);
  });

  it('says so when the studio can not be started', async () => {
    const { supervise } = await import('../../../scripts/setup/supervise.mjs');
    await expect(supervise(join(folder, 'absent'), [])).rejects.toMatchObject({
      code: 'start-failed',
      message: expect.stringContaining('start again'),
    });
  });
});

/** As a terminal does it: everybody in the foreground process group gets the signal. */
function interruptGroup({ pid }: ChildProcess) {
  if (pid !== undefined) process.kill(-pid, 'SIGINT');
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'close');
  return code;
}
