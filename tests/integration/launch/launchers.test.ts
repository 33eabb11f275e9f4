import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

function run(script: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [join(root, 'scripts', script), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

const refusal = ({ status, stdout, stderr }: SpawnSyncReturns<string>) => ({
  status,
  stdout,
  stderr,
});

describe('the commands a newcomer types', () => {
  it('npm start with a wrong flag lists the known ones and ends with code 2', () => {
    expect(refusal(run('start.mjs', ['--prot', '80']))).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/no flag --prot.*--host, --data, --port.*\(bad-arguments\)/),
    });
  });

  it('npm start with a wrong port under --json says so in one line of JSON as well', () => {
    const { status, stdout } = run('start.mjs', ['--json', '--port', '99999']);
    expect(status).toBe(2);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'bad-arguments' } });
  });

  it('npm start with --help shows the flags and ends well', () => {
    const { status, stdout } = run('start.mjs', ['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('--host electron|browser');
  });

  it.runIf(process.platform === 'linux')(
    'npm start with --host electron and no display says what to do instead',
    () => {
      const env = { DISPLAY: '', WAYLAND_DISPLAY: '' };
      expect(refusal(run('start.mjs', ['--host', 'electron'], env))).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/xvfb-run, or use --host browser.*\(no-display\)/),
      });
    },
  );

  it('npm test with an unknown selection lists what there is', () => {
    expect(refusal(run('test.mjs', ['--only', 'everything']))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('format,types,unit,integration,e2e'),
    });
  });

  it('npm run test:electron without a binary says how to get one', () => {
    const env = { ELECTRON_OVERRIDE_DIST_PATH: mkdtempSync(join(tmpdir(), 'swarm-empty-')) };
    const result = run('test-electron.mjs', [], env);
    rmSync(env.ELECTRON_OVERRIDE_DIST_PATH, { recursive: true });
    expect(refusal(result)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/ELECTRON_OVERRIDE_DIST_PATH.*\(electron-missing\)/),
    });
  });

  it('a Chromium that was named and can not be run is refused by its name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'swarm-chromium-'));
    const path = join(folder, 'chromium');
    writeFileSync(path, 'not a program', { mode: 0o600 });
    const result = run('test.mjs', ['--only', 'e2e'], { SWARM_CHROMIUM: path });
    rmSync(folder, { recursive: true });
    expect(result.status).toBe(1);
    expect(result.stdout).toContain(`SWARM_CHROMIUM names ${path}`);
    expect(result.stdout).toMatch(/\n0 passed, 1 failed\n$/);
  });
});
