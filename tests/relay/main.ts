import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { hasWorker, WORKER_MISSING } from './worker-program.ts';

/** Tests rooms on a real relay, where there is one to be had: `npm run test:relay`. */
if (await hasWorker()) {
  const playwright = spawn(
    process.execPath,
    [
      ...['node_modules/@playwright/test/cli.js', 'test'],
      ...['--config', join(import.meta.dirname, 'playwright.config.ts')],
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit' },
  );
  const [code] = await once(playwright, 'exit');
  process.exitCode = code ?? 1;
} else {
  console.log(`The relay was not tested. ${WORKER_MISSING}`);
}
