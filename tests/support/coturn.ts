import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath } from '../../main/hosts/on-path.ts';
import { StunClient } from './stun-client.ts';

/** Why there is no coturn here, as a person would want to know; `undefined` where there is. */
export const coturnProblem: string | undefined = onPath(['turnserver'], process.env)
  ? undefined
  : 'coturn is not installed; get it with: sudo apt-get install coturn';

/** A TURN server of the test's own. */
export interface Coturn {
  host: string;
  port: number;
  /** Shared with it, as `static-auth-secret`. */
  secret: string;
  /** The file that holds the secret, as a studio wants it. */
  secretFile: string;
  /** What it logged so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface CoturnOptions {
  /** The addresses it listens on; relays are on the same. */
  addresses?: string[];
  /** What else goes into its configuration. */
  lines?: string[];
  secret?: string;
  /** A network namespace to run in. */
  namespace?: string;
}

/** Starts coturn with a configuration of its own; resolves when it answers. */
export async function startCoturn(options: CoturnOptions = {}): Promise<Coturn> {
  const { addresses = ['127.0.0.1'], lines = [], namespace } = options;
  const [host = '127.0.0.1'] = addresses;
  const secret = options.secret ?? randomBytes(32).toString('hex');
  const folder = await mkdtemp(join(tmpdir(), 'swarm-coturn-'));
  const [secretFile, config] = [join(folder, 'secret'), join(folder, 'turnserver.conf')];
  const port = await freePort(namespace === undefined ? host : '127.0.0.1');
  await writeFile(secretFile, `${secret}\n`, { mode: 0o600 });
  await writeFile(
    config,
    [
      ...addresses.flatMap((address) => [`listening-ip=${address}`, `relay-ip=${address}`]),
      `listening-port=${port}`,
      'min-port=49152',
      'max-port=49999',
      'fingerprint',
      'use-auth-secret',
      `static-auth-secret=${secret}`,
      'realm=swarm.test',
      'allow-loopback-peers',
      'no-cli',
      'no-tls',
      'no-dtls',
      'no-rfc5780',
      'verbose',
      'log-file=stdout',
      `userdb=${join(folder, 'turndb')}`,
      `pidfile=${join(folder, 'turnserver.pid')}`,
      ...lines,
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  const inside = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
  const [command = '', ...args] = [...inside, 'turnserver', '-c', config];
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      log += text;
      const isOpen = (address: string) =>
        log.includes(`UDP listener opened on: ${address}:${port}`);
      if (addresses.every(isOpen)) resolve();
    });
  }
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      // SIGTERM lets it wait for its clients; a test's are gone.
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      opened,
      once(server, 'exit').then(([code]) => {
        throw new Error(`turnserver ended with ${code}`);
      }),
    ]);
    await (namespace === undefined ? asksHere({ host, port }) : asksInside(namespace, host, port));
  } catch (cause) {
    await stop();
    throw new Error(`coturn did not start:\n${log}`, { cause });
  }
  return { host, port, secret, secretFile, log: () => log, stop };
}

/** Rejects unless the server answers a STUN binding request. */
async function asksHere(at: { host: string; port: number }): Promise<void> {
  const client = await StunClient.open(at);
  try {
    await client.binding();
  } finally {
    client.close();
  }
}

/** The same with coturn's own client, which can be started inside the namespace. */
async function asksInside(namespace: string, host: string, port: number): Promise<void> {
  const args = ['netns', 'exec', namespace, 'turnutils_stunclient', '-p', String(port), host];
  const [code] = await once(spawn('ip', args, { stdio: 'ignore' }), 'exit');
  if (code !== 0) throw new Error(`turnutils_stunclient ended with ${code}`);
}

async function freePort(host: string): Promise<number> {
  const socket = createSocket('udp4').bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
