import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export interface NodeProcess {
  /** Where people reach it, e.g. `http://127.0.0.1:41234`. */
  address: string;
  process: ChildProcess;
  /** The link of a new invitation to enrol. */
  invite(): Promise<string>;
  /** Asks it to stop (SIGTERM) and waits until it has. */
  stop(): Promise<void>;
}

/** Starts the built community's node on a data folder. */
export async function startNode(
  dataFolder: string,
  flags: readonly string[] = [],
): Promise<NodeProcess> {
  const args = ['out/main/node.js', '--data', dataFolder, '--json'];
  const child = spawn(process.execPath, [...args, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { address } = JSON.parse(String(line));
  return {
    address,
    process: child,
    async invite() {
      const { stdout } = await promisify(execFile)(process.execPath, [...args, 'invite']);
      return JSON.parse(stdout).link;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
}
