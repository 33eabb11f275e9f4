import { join } from 'node:path';
import { launch, ROOT } from './setup/launcher.mjs';
import { prepare } from './setup/prepare.mjs';
import { SetupError } from './setup/setup-error.mjs';
import { supervise } from './setup/supervise.mjs';
import { createTerminal } from './setup/terminal.mjs';

/**
 * The programs that run under Node 24 once what they need is set up.
 *
 * @type {Record<string, { script: string, needs: import('./setup/prepare.mjs').Needs }>}
 */
const PROGRAMS = {
  demo: { script: 'tests/demo/demo.ts', needs: { ffmpeg: true, chromium: true, build: true } },
  'bench:cluster': { script: 'tests/bench/cluster.ts', needs: { redis: true, build: true } },
  'bench:ingest': { script: 'tests/bench/ingest.ts', needs: { ffmpeg: true } },
  'bench:feed': {
    script: 'tests/bench/feed.ts',
    needs: { chromium: true, build: true },
  },
  'bench:join': {
    script: 'tests/bench/join.ts',
    needs: { ffmpeg: true, chromium: true, build: true },
  },
  'bench:mesh': {
    script: 'tests/bench/mesh.ts',
    needs: { ffmpeg: true, chromium: true, build: true },
  },
  'bench:recording': {
    script: 'tests/bench/recording.ts',
    needs: { ffmpeg: true, chromium: true, build: true },
  },
  'bench:replay': {
    script: 'tests/bench/replay.ts',
    needs: { ffmpeg: true, chromium: true, build: true },
  },
  'bench:relay': {
    script: 'tests/bench/relay.ts',
    needs: { ffmpeg: true, chromium: true, build: true },
  },
  'bench:sync': { script: 'tests/bench/sync.ts', needs: { ffmpeg: true, chromium: true } },
  'bench:tracks': { script: 'tests/bench/tracks.ts', needs: { ffmpeg: true, chromium: true } },
  'bench:signalling': { script: 'tests/bench/signalling.ts', needs: { build: true } },
  'test:relay': {
    script: 'tests/relay/main.ts',
    needs: { ffmpeg: true, chromium: true, redis: true, build: true },
  },
  'test:fuzz': { script: 'tests/fuzz/main.ts', needs: {} },
};

await launch(async () => {
  const [name, ...args] = process.argv.slice(2);
  const program = PROGRAMS[name ?? ''];
  if (program === undefined) {
    throw new SetupError(
      'bad-arguments',
      `There is no program "${name ?? ''}". The programs are ${Object.keys(PROGRAMS).join(', ')}.`,
      { exitCode: 2 },
    );
  }
  const terminal = createTerminal(process.stderr);
  const { node, env } = await prepare({ root: ROOT, terminal, needs: program.needs });
  return supervise(node, [join(ROOT, program.script), ...args], { cwd: ROOT, env });
});
