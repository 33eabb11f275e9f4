import { ensureBuild } from './setup/build.mjs';
import { launch, ROOT } from './setup/launcher.mjs';
import { prepare } from './setup/prepare.mjs';
import { createTerminal } from './setup/terminal.mjs';

await launch(async () => {
  const terminal = createTerminal(process.stdout);
  const { node } = await prepare({ root: ROOT, terminal, needs: {} });
  await ensureBuild({ root: ROOT, node, terminal, force: true });
  return 0;
});
