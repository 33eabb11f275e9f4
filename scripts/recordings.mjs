import { join } from 'node:path';
import { ensureBuild } from './setup/build.mjs';
import { launch, ROOT } from './setup/launcher.mjs';
import { prepare } from './setup/prepare.mjs';
import { supervise } from './setup/supervise.mjs';
import { createTerminal } from './setup/terminal.mjs';

// Recordings without a window; the program itself reads the flags.
await launch(async () => {
  const terminal = createTerminal(process.stderr);
  const { node, env } = await prepare({ root: ROOT, terminal, needs: {} });
  await ensureBuild({ root: ROOT, node, terminal });
  const args = [join(ROOT, 'out/main/recordings.js'), ...process.argv.slice(2)];
  // npm moves to the project's folder; relative paths mean the one it was called in.
  return supervise(node, args, { cwd: process.env.INIT_CWD ?? process.cwd(), env });
});
