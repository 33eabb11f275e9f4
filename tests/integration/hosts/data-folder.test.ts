import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareDataFolder } from '../../../main/hosts/data-folder.ts';
import { lockDataFolder } from '../../../main/hosts/data-folder-lock.ts';
import { settingsFile } from '../../../main/hosts/settings-file.ts';

describe('the data folder', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'swarm-data-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('is made where there is none, for this user alone', async () => {
    const fresh = join(dir, 'a', 'b');
    await prepareDataFolder(fresh);
    expect((await stat(fresh)).mode & 0o077).toBe(0);
    expect(await readdir(fresh)).toEqual([]);
  });

  it('that can’t be written is refused with what to do', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(prepareDataFolder(join(dir, 'file', 'data'))).rejects.toMatchObject({
      code: 'data-folder-unwritable',
      message: expect.stringContaining('choose another with --data DIR'),
    });
  });

  it.runIf(process.platform === 'linux')(
    'where no folder can be made at all is refused too, not waited for',
    async () => {
      await expect(prepareDataFolder('/proc/swarm/data')).rejects.toMatchObject({
        code: 'data-folder-unwritable',
      });
    },
  );

  it('belongs to one studio; a second one is told where the first answers', async () => {
    const lock = await lockDataFolder(dir);
    await expect(lockDataFolder(dir)).rejects.toMatchObject({
      code: 'data-folder-in-use',
      message: expect.stringContaining('just starting'),
    });
    lock.announce('http://127.0.0.1:41234');
    await expect(lockDataFolder(dir)).rejects.toMatchObject({
      code: 'data-folder-in-use',
      message: expect.stringContaining('http://127.0.0.1:41234'),
    });
    lock.release();
    (await lockDataFolder(dir)).release();
  });

  it('is free again as soon as the studio that had it was killed', async () => {
    const source = [
      `const { lockDataFolder } = await import(${JSON.stringify(lockModule)});`,
      `(await lockDataFolder(${JSON.stringify(dir)})).announce('http://127.0.0.1:1');`,
      "process.stdout.write('locked');",
      'setInterval(() => undefined, 1000);',
    ].join('\n');
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await expect(lockDataFolder(dir)).rejects.toMatchObject({ code: 'data-folder-in-use' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    (await lockDataFolder(dir)).release();
  });
});

describe('the settings file', () => {
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'swarm-settings-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('keeps what was set, for this user alone', async () => {
    settingsFile(dir).set('retentionDays', 7);
    expect(settingsFile(dir).get('retentionDays')).toBe(7);
    expect((await stat(join(dir, 'settings.json'))).mode & 0o077).toBe(0);
  });

  it('that is damaged stops the start with a sentence, and is not overwritten', async () => {
    await writeFile(join(dir, 'settings.json'), '{"retentionDays":');
    expect(() => settingsFile(dir)).toThrow(/not valid JSON.*Correct the file/s);
    expect((await stat(join(dir, 'settings.json'))).size).toBe(17);
  });
});

const lockModule = new URL('../../../main/hosts/data-folder-lock.ts', import.meta.url).href;
