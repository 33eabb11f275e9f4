import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWindow } from '../../../main/hosts/browser/open-window.ts';
import { planWindow } from '../../../main/hosts/browser/window-plan.ts';

const URL = 'http://127.0.0.1:4000/open/x';
const logger = pino({ level: 'silent' });

describe('the window of the browser host', () => {
  let bin: string;

  beforeEach(async () => {
    bin = await mkdtemp(join(tmpdir(), 'swarm-bin-'));
  });
  afterEach(() => rm(bin, { recursive: true }));

  async function program(name: string, script = 'exit 0'): Promise<string> {
    const path = join(bin, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }

  const desktop = (env: NodeJS.ProcessEnv, isRoot = false) => ({
    platform: 'linux' as const,
    env: { PATH: bin, ...env },
    isRoot,
  });

  it('is Chromium’s app window with a profile of its own', async () => {
    const chromium = await program('chromium');
    const plan = planWindow(desktop({ DISPLAY: ':0' }), '/profile', URL);
    expect(plan).toMatchObject({ kind: 'app-window', command: chromium, unsandboxed: false });
    expect(plan).toMatchObject({
      args: expect.arrayContaining([`--app=${URL}`, '--user-data-dir=/profile']),
    });
  });

  it('keeps Chromium’s sandbox for everybody but root', async () => {
    await program('chromium');
    const forUser = planWindow(desktop({ DISPLAY: ':0' }), '/profile', URL);
    expect(forUser).not.toMatchObject({ args: expect.arrayContaining(['--no-sandbox']) });
    const forRoot = planWindow(desktop({ DISPLAY: ':0' }, true), '/profile', URL);
    expect(forRoot).toMatchObject({
      unsandboxed: true,
      args: expect.arrayContaining(['--no-sandbox']),
    });
  });

  it('is a tab in the person’s browser where there is no Chromium', async () => {
    const opener = await program('xdg-open');
    expect(planWindow(desktop({ WAYLAND_DISPLAY: 'wayland-0' }), '/profile', URL)).toEqual({
      kind: 'browser-tab',
      command: opener,
      args: [URL],
    });
  });

  it('is left out without a display, or without anything to show it', async () => {
    const without = planWindow(desktop({ DISPLAY: ':0' }), '/profile', URL);
    expect(without).toEqual({ kind: 'none', reason: 'no browser was found' });
    await program('chromium');
    expect(planWindow(desktop({}), '/profile', URL)).toEqual({
      kind: 'none',
      reason: 'there is no display',
    });
  });

  it('says when the person closed it', async () => {
    await program('chromium');
    const plan = planWindow(desktop({ DISPLAY: ':0' }), '/profile', URL);
    if (plan.kind === 'none') throw new Error('there should be a window');
    const window = await openWindow(plan, logger);
    await window.closed;
  });

  it('closes with the studio', async () => {
    await program('chromium', 'exec tail -f /dev/null');
    const plan = planWindow(desktop({ DISPLAY: ':0' }), '/profile', URL);
    if (plan.kind === 'none') throw new Error('there should be a window');
    const window = await openWindow(plan, logger);
    window.close();
    await window.closed;
  });

  it('that can’t be started is told as a sentence', async () => {
    const gone = { kind: 'browser-tab' as const, command: join(bin, 'gone'), args: [] };
    await expect(openWindow(gone, logger)).rejects.toThrow(/could not be started/);
  });
});
