import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataFolder } from '../../../main/hosts/data-folder.ts';
import { parseLaunchOptions } from '../../../main/hosts/launch-options.ts';
import { LaunchProblem, launchProblemOf } from '../../../main/hosts/launch-problem.ts';
import { problemLine, readinessText } from '../../../main/hosts/readiness.ts';

describe('the command line', () => {
  it('may be empty', () => {
    expect(parseLaunchOptions([], 'strict')).toEqual({
      dataDir: undefined,
      port: 0,
      open: true,
      json: false,
      help: false,
      rest: [],
    });
  });

  it('names a folder, a port, and how to behave', () => {
    const args = ['--data', 'here', '--port=8080', '--no-open', '--json'];
    expect(parseLaunchOptions(args, 'strict')).toMatchObject({
      dataDir: resolve('here'),
      port: 8080,
      open: false,
      json: true,
    });
  });

  it.each([
    [['--port', 'http']],
    [['--port', '65536']],
    [['--port', '-1']],
    [['--port=1e3']],
    [['--data=']],
    [['--data']],
    [['--unknown']],
    [['stray']],
  ])('is refused when it is %j', (args) => {
    expect(() => parseLaunchOptions(args, 'strict')).toThrow(
      expect.objectContaining({ code: 'bad-arguments', exitCode: 2 }),
    );
  });

  it('may carry Chromium’s switches and a link in the desktop app', () => {
    const args = ['--inspect=0', 'out/main/electron.js', '--no-sandbox', '--data', '/d', 'swarm:x'];
    expect(parseLaunchOptions(args, 'lenient')).toMatchObject({
      dataDir: '/d',
      rest: ['out/main/electron.js', 'swarm:x'],
    });
    expect(() => parseLaunchOptions(['--data'], 'lenient')).toThrow(LaunchProblem);
  });
});

describe('the data folder', () => {
  it('is where the platform keeps such things', () => {
    expect(defaultDataFolder('linux', {}, '/home/sam')).toBe('/home/sam/.local/share/swarm-studio');
    expect(defaultDataFolder('linux', { XDG_DATA_HOME: '/xdg' }, '/home/sam')).toBe(
      '/xdg/swarm-studio',
    );
    expect(defaultDataFolder('darwin', {}, '/Users/sam')).toBe(
      '/Users/sam/Library/Application Support/Swarm Studio',
    );
    expect(defaultDataFolder('win32', { LOCALAPPDATA: '/L' }, '/U')).toBe('/L/Swarm Studio');
  });
});

describe('a start', () => {
  const ready = {
    address: 'http://127.0.0.1:1',
    studioUrl: 'http://127.0.0.1:2/#secret=s',
    dataFolder: '/d',
    host: 'browser' as const,
    version: '1.0.0',
  };

  it('is one line of JSON for a script', () => {
    const text = readinessText(ready, true);
    expect(text.trimEnd()).not.toContain('\n');
    expect(JSON.parse(text)).toEqual(ready);
  });

  it('tells a person both addresses and whose they are', () => {
    const text = readinessText(ready, false);
    expect(text).toContain(`Studio  ${ready.studioUrl}  (for you alone`);
    expect(text).toContain(`Guests  ${ready.address}`);
  });

  it('that fails keeps the code of what went wrong, and its sentence', () => {
    const taken = Object.assign(new Error('Port 80 is taken.'), { code: 'port-in-use' });
    expect(launchProblemOf(taken)).toMatchObject({ code: 'port-in-use', exitCode: 1 });
    expect(JSON.parse(problemLine(launchProblemOf(taken)))).toEqual({
      error: { code: 'port-in-use', message: 'Port 80 is taken.' },
    });
    const other = Object.assign(new Error('broken'), { code: 'ENOENT' });
    expect(launchProblemOf(other).code).toBe('start-failed');
    expect(launchProblemOf('a string').message).toBe('a string');
  });
});
