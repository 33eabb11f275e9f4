import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What the host prints with `--json` when it is ready. */
export interface StudioAddress {
  /** Where the rendezvous answers: REST, `/ws`, and the UI for guests. */
  address: string;
  /** The studio's own window, secret included. */
  studioUrl: string;
  dataFolder: string;
  host: 'electron' | 'browser';
  version: string;
}

export interface StudioProcess extends StudioAddress {
  process: ChildProcess;
  /** Asks it to stop (SIGTERM) and answers its exit code. */
  stop(): Promise<number | null>;
  /** Everything it wrote to stderr so far. */
  stderr(): string;
}

/** Starts the built browser host on a data folder, with nothing opened. */
export async function startStudio(
  dataFolder: string,
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<StudioProcess> {
  const child = spawn(
    process.execPath,
    ['out/main/browser.js', '--data', dataFolder, '--no-open', '--json', ...flags],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const exited = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    exited.then(([code]) => {
      throw new Error(`The studio ended with ${code} before it was ready:\n${errors}`);
    }),
  ]);
  const ready = JSON.parse(line) as StudioAddress & { error?: { code: string; message: string } };
  if (ready.error) throw new Error(`${ready.error.code}: ${ready.error.message}`);
  return {
    ...ready,
    process: child,
    stderr: () => errors,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}
