import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Apt } from '../../../scripts/setup/apt.mjs';
import { ensureChromium, findChromium } from '../../../scripts/setup/chromium.mjs';
import { ensureFfmpeg } from '../../../scripts/setup/ffmpeg.mjs';
import type { Terminal } from '../../../scripts/setup/terminal.mjs';

const terminal: Terminal = {
  say: () => undefined,
  during: (_label, work) => work(() => undefined),
};

describe('looking for ffmpeg and Chromium', () => {
  let root: string;
  const bin = () => join(root, 'bin');
  const program = (path: string) => writeFileSync(path, '', { mode: 0o755 });
  const noApt: Apt = {
    family: undefined,
    install: async () => ({ ok: false, problem: 'not asked for' }),
  };
  const apt = (...brings: string[]): Apt => ({
    family: 'debian',
    install: async () => {
      for (const name of brings) program(join(bin(), name));
      return { ok: brings.length > 0, problem: brings.length > 0 ? '' : 'apt-get ended with 100' };
    },
  });
  const ffmpeg = (withProbe: boolean, from: Apt) =>
    ensureFfmpeg({ root, node: process.execPath, withProbe, terminal, apt: from });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'swarm-tools-'));
    mkdirSync(bin());
    mkdirSync(join(root, 'node_modules/ffmpeg-static'), { recursive: true });
    vi.stubEnv('PATH', bin());
    vi.stubEnv('SWARM_CHROMIUM', undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true });
  });

  it('takes the ffmpeg of ffmpeg-static before the one on the PATH', async () => {
    program(join(bin(), 'ffmpeg'));
    expect(await ffmpeg(false, noApt)).toEqual({ path: join(bin(), 'ffmpeg') });
    const packaged = join(root, 'node_modules/ffmpeg-static/ffmpeg');
    program(packaged);
    expect(await ffmpeg(false, noApt)).toEqual({ path: packaged });
  });

  it('lets ffmpeg-static fetch its own when there is none', async () => {
    const installer = join(root, 'node_modules/ffmpeg-static/install.js');
    writeFileSync(
      installer,
      "require('node:fs').writeFileSync(__dirname + '/ffmpeg', '', { mode: 0o755 })",
    );
    expect(await ffmpeg(false, noApt)).toEqual({
      path: join(root, 'node_modules/ffmpeg-static/ffmpeg'),
    });
  });

  it("takes Debian's where nothing else is to be had", async () => {
    expect(await ffmpeg(false, apt('ffmpeg'))).toEqual({ path: join(bin(), 'ffmpeg') });
  });

  it('says what to do when ffmpeg can not be had', async () => {
    expect(await ffmpeg(false, noApt)).toEqual({
      problem: expect.stringMatching(/^ffmpeg was not found\. Install/),
    });
    expect(await ffmpeg(false, apt())).toEqual({
      problem: expect.stringContaining('apt-get ended with 100'),
    });
  });

  it('is not content with ffmpeg alone where ffprobe is needed', async () => {
    program(join(bin(), 'ffmpeg'));
    program(join(root, 'node_modules/ffmpeg-static/ffmpeg'));
    expect(await ffmpeg(true, noApt)).toEqual({
      problem: expect.stringMatching(/^ffmpeg and ffprobe were not found/),
    });
    expect(await ffmpeg(true, apt('ffprobe'))).toEqual({ path: join(bin(), 'ffmpeg') });
  });

  it('takes the Chromium that was named, or refuses it, but never another', async () => {
    program(join(bin(), 'chromium'));
    expect(findChromium()).toBe(join(bin(), 'chromium'));
    const named = join(root, 'my-chromium');
    vi.stubEnv('SWARM_CHROMIUM', named);
    expect(await ensureChromium({ apt: noApt })).toEqual({
      problem: expect.stringContaining(named),
    });
    program(named);
    expect(await ensureChromium({ apt: noApt })).toEqual({ path: named });
  });
});
