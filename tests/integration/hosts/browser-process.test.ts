import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startStudio } from '../../support/studio-process.ts';

/** The built browser host as a process: what a script that starts it sees. */
describe('a studio started by a script', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'swarm-process-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function refused(args: readonly string[]) {
    const child = spawn(process.execPath, ['out/main/browser.js', '--no-open', '--json', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [exitCode] = await once(child, 'close');
    expect(stdout.trimEnd()).not.toContain('\n');
    return { exitCode, ...JSON.parse(stdout), stderr };
  }

  it('serves guests and its own window at two origins', async () => {
    const studio = await startStudio(dir);
    expect(studio.dataFolder).toBe(dir);
    expect(new URL(studio.studioUrl).origin).not.toBe(studio.address);
    const page = { headers: { accept: 'text/html' } };
    const guests = await (await fetch(studio.address, page)).text();
    expect(guests).not.toContain('swarm-bridge');
    const own = await (await fetch(new URL(studio.studioUrl).origin, page)).text();
    expect(own).toContain('swarm-bridge');
    expect((await fetch(`${studio.address}/bridge`)).headers.get('upgrade')).toBeNull();
    expect(await studio.stop()).toBe(0);
  });

  it('stops in order when it is asked to, and keeps its window’s origin', async () => {
    const first = await startStudio(dir);
    first.process.kill('SIGINT');
    expect((await once(first.process, 'exit'))[0]).toBe(0);
    const second = await startStudio(dir);
    expect(new URL(second.studioUrl).origin).toBe(new URL(first.studioUrl).origin);
    expect(second.studioUrl).not.toBe(first.studioUrl);
    await second.stop();
  });

  it('has its data folder to itself, until it is gone however it went', async () => {
    const first = await startStudio(dir);
    expect(await refused(['--data', dir])).toMatchObject({
      exitCode: 1,
      error: { code: 'data-folder-in-use', message: expect.stringContaining(first.address) },
    });
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    const second = await startStudio(dir);
    await second.stop();
  });

  it('says that its port is taken, and what to do', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const outcome = await refused(['--data', dir, '--port', port]);
    expect(outcome).toMatchObject({
      exitCode: 1,
      error: { code: 'port-in-use', message: expect.stringContaining('--port') },
    });
    expect(outcome.stderr).toContain(outcome.error.message);
    other.close();
  });

  it('says that its data folder can’t be written, and what to do', async () => {
    await writeFile(join(dir, 'file'), '');
    expect(await refused(['--data', join(dir, 'file', 'data')])).toMatchObject({
      exitCode: 1,
      error: { code: 'data-folder-unwritable', message: expect.stringContaining('--data') },
    });
  });

  it('says which part of its command line it does not know', async () => {
    expect(await refused(['--data', dir, '--colour'])).toMatchObject({
      exitCode: 2,
      error: { code: 'bad-arguments', message: expect.stringContaining('--colour') },
    });
  });
});
