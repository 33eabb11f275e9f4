import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureBuild, isBuildCurrent, OUTPUTS } from '../../../scripts/setup/build.mjs';
import type { Terminal } from '../../../scripts/setup/terminal.mjs';

/** A project whose build tool only writes its files, so that the checks around it are seen. */
const BUILDER = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  for (const part of ['main', 'preload', 'renderer']) mkdirSync('out/' + part, { recursive: true });
  for (const file of ${JSON.stringify(OUTPUTS)}) writeFileSync(file, '');
`;
const BUILDER_PATH = 'node_modules/electron-vite/bin/electron-vite.js';

describe('whether the studio must be built', () => {
  let root: string;
  let said: string[];
  const terminal: Terminal = {
    say: (line) => said.push(line),
    during: (_label, work) => work(() => undefined),
  };
  const build = () => ensureBuild({ root, node: process.execPath, terminal });
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  beforeEach(() => {
    said = [];
    root = mkdtempSync(join(tmpdir(), 'swarm-build-'));
    write('package.json', '{"type":"module"}');
    write('main/studio.ts', 'export {};');
    write(BUILDER_PATH, BUILDER);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is built once, and not again while nothing changes but the times of the files', async () => {
    await build();
    expect(said).toEqual([expect.stringMatching(/^Studio built in \d+ s\.$/)]);
    utimesSync(join(root, 'main/studio.ts'), new Date(), new Date());
    await build();
    expect(said).toHaveLength(1);
  });

  it.each([
    ['a source changed', () => write('main/studio.ts', 'export const changed = true;')],
    ['a source came', () => write('renderer/rooms/mesh.ts', 'export {};')],
    ['a source went', () => rmSync(join(root, 'main/studio.ts'))],
    ['the packages changed', () => write('package-lock.json', '{}')],
    ['a part of the build went', () => rmSync(join(root, 'out/preload/index.cjs'))],
  ])('is stale when %s', async (_what, change) => {
    await build();
    expect(isBuildCurrent(root)).toBe(true);
    change();
    expect(isBuildCurrent(root)).toBe(false);
  });

  it('stays stale after a build that failed, and shows where', async () => {
    await build();
    write(BUILDER_PATH, "console.error('studio.ts:1 does not parse'); process.exitCode = 1;");
    write('main/studio.ts', 'export const = ;');
    const failed = { code: 'build-failed', details: 'studio.ts:1 does not parse' };
    await expect(build()).rejects.toMatchObject(failed);
    await expect(build()).rejects.toMatchObject(failed);
  });

  it('is refused when the tool ends well but a part is not there', async () => {
    write(BUILDER_PATH, '');
    await expect(build()).rejects.toMatchObject({
      message: expect.stringContaining('out/main/electron.js'),
    });
  });
});
