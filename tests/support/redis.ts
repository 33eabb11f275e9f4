import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@redis/client';
import { onPath } from '../../main/hosts/on-path.ts';

/** Why there is no Redis here, as a person would want to know; `undefined` where there is. */
export const redisProblem: string | undefined = onPath(['redis-server'], process.env)
  ? undefined
  : 'redis-server is not installed; get it with: sudo apt-get install redis-server';

/** A Redis of the test's own, on loopback. */
export interface TestRedis {
  url: string;
  port: number;
  /** A file with a secret for the nodes that share it. */
  secretFile: string;
  /** Its process, to be stopped and continued. */
  process(): ChildProcess;
  /** Ends it, and starts it again with what it had on its disk. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it with every write on disk before it is answered; resolves when it answers. */
export async function startRedis(lines: readonly string[] = []): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'swarm-redis-'));
  const port = await freePort();
  const secretFile = join(folder, 'cluster-secret');
  await writeFile(secretFile, 'of the tests alone, and long enough to be one\n');
  const config = join(folder, 'redis.conf');
  await writeFile(
    config,
    [
      ...['bind 127.0.0.1', `port ${port}`, `dir ${folder}`, 'save ""'],
      ...['appendonly yes', 'appendfsync always', ...lines, ''],
    ].join('\n'),
  );
  const url = `redis://127.0.0.1:${port}`;
  let running = await run(config);
  async function end(): Promise<void> {
    if (running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, 'exit');
    running.kill('SIGTERM');
    running.kill('SIGCONT');
    await exited;
  }
  return {
    ...{ url, port, secretFile },
    process: () => running,
    async restart(meanwhile) {
      await end();
      await meanwhile?.();
      running = await run(config);
    },
    async stop() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function run(config: string): Promise<ChildProcess> {
  const server = spawn('redis-server', [config], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}:\n${said}`)));
  });
  return server;
}

/** A client for looking into it, and for putting rubbish there. */
export async function clientOf(redis: TestRedis) {
  const client = createClient({ url: redis.url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
