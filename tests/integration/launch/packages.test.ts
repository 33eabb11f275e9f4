import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../../scripts/setup/packages.mjs';
import { readStamp } from '../../../scripts/setup/stamp.mjs';
import type { Terminal } from '../../../scripts/setup/terminal.mjs';

/** A project whose one dependency lies beside it, so that npm needs no network. */
describe('the packages of the lock file', () => {
  let root: string;
  let said: string[];
  const terminal: Terminal = {
    say: (line) => said.push(line),
    during: (_label, work) => work(() => undefined),
  };

  beforeEach(() => {
    said = [];
    root = mkdtempSync(join(tmpdir(), 'swarm-packages-'));
    mkdirSync(join(root, 'dep'));
    write('dep/package.json', { name: 'dep', version: '1.0.0' });
    write('package.json', { name: 'project', version: '1.0.0', dependencies: { dep: 'file:dep' } });
    write('package-lock.json', lock('1.0.0'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (path: string, content: unknown) =>
    writeFileSync(join(root, path), JSON.stringify(content));
  const lock = (version: string) => ({
    name: 'project',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': { name: 'project', version: '1.0.0', dependencies: { dep: 'file:dep' } },
      dep: { version },
      'node_modules/dep': { resolved: 'dep', link: true },
    },
  });

  it('are installed in a fresh clone, and the next start has nothing to do or say', async () => {
    await ensurePackages({ root, terminal });
    expect(existsSync(join(root, 'node_modules/dep/package.json'))).toBe(true);
    expect(said).toEqual([
      'Installing the packages (the first time only).',
      expect.stringMatching(/^Packages installed in \d+ s\.$/),
    ]);
    said = [];
    await ensurePackages({ root, terminal });
    expect(said).toEqual([]);
  });

  it('are taken as they are when npm itself installed them', async () => {
    await ensurePackages({ root, terminal });
    rmSync(join(root, 'node_modules/.swarm-setup'));
    said = [];
    await ensurePackages({ root, terminal });
    expect(said).toEqual([]);
    expect(readStamp(root).packages).toMatch(/^[0-9a-f]{64}$/);
  });

  it('are installed again when the installation was broken off', async () => {
    await ensurePackages({ root, terminal });
    rmSync(join(root, 'node_modules/.package-lock.json'));
    await ensurePackages({ root, terminal });
    expect(said[2]).toContain('installing them again');
    expect(existsSync(join(root, 'node_modules/.package-lock.json'))).toBe(true);
  });

  it('end with what to do, and what npm said, when npm fails', async () => {
    write('package.json', { name: 'project', dependencies: { dep: 'file:dep', other: '1.0.0' } });
    await expect(ensurePackages({ root, terminal })).rejects.toMatchObject({
      code: 'packages-failed',
      message: expect.stringContaining('start again'),
      details: expect.stringContaining('package-lock.json'),
    });
  });
});
