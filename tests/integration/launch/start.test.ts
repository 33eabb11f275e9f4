import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

describe.skipIf(process.platform === 'win32')('npm start', () => {
  let dataFolder: string;
  beforeEach(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'swarm-start-'));
  });
  afterEach(() => rmSync(dataFolder, { recursive: true }));

  it('serves, says where in one line of JSON, and stops when npm is asked to', async () => {
    const flags = ['--host', 'browser', '--no-open', '--json', '--data', dataFolder];
    const npm = spawn('npm', ['start', '--silent', '--', ...flags], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(npm, 'close');
    let said = '';
    npm.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const lines: string[] = [];
    const reader = createInterface({ input: npm.stdout });
    reader.on('line', (line) => lines.push(line));
    await Promise.race([once(reader, 'line'), ended]);

    const ready = JSON.parse(lines[0] ?? 'null');
    expect(ready).toMatchObject({ dataFolder, host: 'browser' });
    expect((await fetch(new URL('/healthz', ready.address))).status).toBe(200);

    npm.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(lines).toHaveLength(1);
    expect(said).toContain('Host: browser, because asked for with --host.');
    await expect(fetch(ready.address)).rejects.toThrow();
  });
});
