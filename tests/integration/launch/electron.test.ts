import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findElectron, installElectron } from '../../../scripts/setup/electron.mjs';
import type { Terminal } from '../../../scripts/setup/terminal.mjs';

describe("Electron's binary", () => {
  let root: string;
  const terminal: Terminal = {
    say: () => undefined,
    during: (_label, work) => work(() => undefined),
  };
  const folder = () => join(root, 'node_modules/electron');
  const installer = (body: string) => writeFileSync(join(folder(), 'install.js'), body);
  const install = () => installElectron({ root, node: process.execPath, terminal });
  const binary = (path: string) => {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'electron'), '', { mode: 0o755 });
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'swarm-electron-'));
    mkdirSync(folder(), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is not there in a fresh installation, and is once it was fetched', async () => {
    expect(findElectron(root, {})).toBeUndefined();
    installer(`
      const { mkdirSync, writeFileSync } = require('node:fs');
      mkdirSync(__dirname + '/dist');
      writeFileSync(__dirname + '/dist/electron', '', { mode: 0o755 });
      writeFileSync(__dirname + '/path.txt', 'electron');`);
    expect(await install()).toBeUndefined();
    expect(findElectron(root, {})).toBe(join(folder(), 'dist/electron'));
  });

  it('is not there when only its note is, without the file', () => {
    writeFileSync(join(folder(), 'path.txt'), 'electron');
    expect(findElectron(root, {})).toBeUndefined();
  });

  it('is the one that ELECTRON_OVERRIDE_DIST_PATH names', () => {
    const env = { ELECTRON_OVERRIDE_DIST_PATH: join(root, 'elsewhere') };
    expect(findElectron(root, env)).toBeUndefined();
    binary(env.ELECTRON_OVERRIDE_DIST_PATH);
    expect(findElectron(root, env)).toBe(join(root, 'elsewhere/electron'));
  });

  it('can not be had without its server, and the reason is said', async () => {
    installer("console.error('TypeError: fetch failed'); process.exitCode = 1;");
    expect(await install()).toBe("its download server can't be reached (fetch failed)");
    installer("console.error('Error: no space left'); process.exitCode = 1;");
    expect(await install()).toBe('Error: no space left');
    installer('process.exitCode = 1;');
    expect(await install()).toBe('its installer ended with code 1');
  });

  it('leaves nothing of a failed download behind', async () => {
    const note = join(root, 'scratch.txt');
    installer(`
      const { tmpdir } = require('node:os');
      const fs = require('node:fs');
      fs.writeFileSync(tmpdir() + '/part', 'half of it');
      fs.writeFileSync(${JSON.stringify(note)}, tmpdir());
      process.exitCode = 1;`);
    await install();
    expect(existsSync(readFileSync(note, 'utf8'))).toBe(false);
  });
});
