import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

const crossings = {
  'protocol/rooms.ts': ['../main/studio.ts', '../renderer/app.ts', '../preload/contract.ts'],
  'protocol/deep/posts.ts': ['node:fs', 'electron', 'react', '../../main/studio.ts'],
  'renderer/rooms/mesh.ts': ['../../main/studio.ts', 'node:fs', 'electron', 'fastify'],
  'renderer/app.ts': ['../main/recording/journal.ts'],
  'main/studio.ts': ['../renderer/app.ts', 'electron', 'react'],
  'main/hosts/browser/index.ts': ['electron', '../../../renderer/rooms/mesh.ts'],
  'preload/index.ts': ['../main/studio.ts', '../renderer/app.ts', 'node:fs'],
};
const allowed = {
  'protocol/errors.ts': ['zod', './rooms.ts'],
  'renderer/bridge/connect.ts': ['../../preload/contract.ts', '../../protocol/rooms.ts', 'react'],
  'main/feed/feed.ts': ['../../protocol/posts.ts', '../../preload/contract.ts', 'node:fs'],
  'main/hosts/electron/index.ts': ['electron', '../../studio.ts'],
  'preload/wire.ts': ['electron', './contract.ts', '../protocol/rooms.ts'],
};

interface Diagnostic {
  category: string;
  location: { path: string; start: { line: number } };
}

describe('the layer check', () => {
  let folder: string;
  let refused: Set<string>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'swarm-layers-'));
    for (const file of ['biome.json', '.gitignore']) cpSync(join(root, file), join(folder, file));
    for (const [file, imports] of Object.entries({ ...crossings, ...allowed })) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      const lines = imports.map((from) => `import '${from}';`);
      writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
    }
    refused = lint(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(pairs(crossings))('refuses that %s imports %s', (file, _from, line) => {
    expect(refused).toContain(`${file}:${line}`);
  });

  it.each(pairs(allowed))('lets %s import %s', (file, _from, line) => {
    expect(refused).not.toContain(`${file}:${line}`);
  });
});

function pairs(files: Record<string, string[]>) {
  return Object.entries(files).flatMap(([file, imports]) =>
    imports.map((from, index) => [file, from, index + 1] as const),
  );
}

/** The lines, as `file:line`, whose import the project's own rules refuse. */
function lint(folder: string): Set<string> {
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--only=style/noRestrictedImports', '--reporter=json'];
  args.push('--max-diagnostics=none', '.');
  const output = outputOf(args, folder);
  const { diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] };
  return new Set(
    diagnostics
      .filter(({ category }) => category === 'lint/style/noRestrictedImports')
      .map(({ location }) => `${location.path}:${location.start.line}`),
  );
}

function outputOf(args: string[], cwd: string): string {
  try {
    return execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    // Biome ends with code 1 when it refuses something, which is the point here.
    return (error as { stdout: string }).stdout;
  }
}
