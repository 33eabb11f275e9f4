import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { getPriority, loadavg, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startStudio } from '../support/studio-process.ts';
import { type Latency, latencyOf, table } from './figures.ts';
import { type Crowd, PAYLOAD_BYTES, PEERS, ROOMS } from './signalling/crowd.ts';
import {
  measureLatency,
  measureThroughput,
  PACED_PER_SECOND,
  type Throughput,
} from './signalling/measure.ts';
import { bareCrowd, peerJsCrowd, socketIoCrowd } from './signalling/reference-crowds.ts';
import { studioCrowd } from './signalling/studio-crowd.ts';

/**
 * Signalling through the node, with sessions, validation and limits as always, beside a bare `ws`
 * relay, socket.io and peerjs-server: the same people, payload and traffic, in turns in one run.
 *
 *   npm run bench:signalling [-- --rounds 7 --json FILE]
 */
const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, json: { type: 'string' } },
});
const rounds = Number(flags.rounds);

interface Server {
  pid: number;
  crowd: Crowd;
  measured: (Throughput & { ofBare: number; latency: Latency })[];
}

const folder = await mkdtemp(join(tmpdir(), 'swarm-bench-signalling-'));
const references: ChildProcess[] = [];
const studio = await startStudio(join(folder, 'data'));
try {
  const servers = new Map<string, Server>([
    ['bare ws', await reference('ws', bareCrowd)],
    ['swarm studio', server(studio.process, await studioCrowd(studio.address))],
    ['socket.io', await reference('socket.io', socketIoCrowd)],
    ['peerjs-server', await reference('peerjs', peerJsCrowd)],
  ]);
  // A studio goes before other work. Here that would be an advantage, and it tells nothing.
  for (const pid of [process.pid, ...[...servers.values()].map((one) => one.pid)]) {
    setPriority(pid, getPriority(studio.process.pid));
  }
  // The first round warms code and connections.
  await measureRound(servers);
  for (const { measured } of servers.values()) measured.length = 0;
  const loads: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Back and forth, so that nobody always comes first.
    await measureRound(round % 2 === 0 ? servers : new Map([...servers].reverse()));
    loads.push(loadavg()[0] ?? Number.NaN);
  }
  const rows = [...servers].map(([name, { measured }]) => ({ name, ...middle(measured) }));
  console.log(
    `${PEERS} peers in ${ROOMS} rooms, ${PAYLOAD_BYTES} byte payloads; medians of ${rounds} rounds, ` +
      `"of bare ws" of each round's ratio.\nLatency at ${PACED_PER_SECOND} messages a second. ` +
      `Load ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.\n`,
  );
  console.log(
    table([
      ['', 'messages/s', 'of bare ws', 'server µs/message', 'p50 ms', 'p99 ms'],
      ...rows.map((row) => [
        row.name,
        row.messagesPerSecond.toFixed(0),
        row.ofBare.toFixed(2),
        row.serverMicroseconds.toFixed(1),
        row.p50Ms.toFixed(2),
        row.p99Ms.toFixed(2),
      ]),
    ]),
  );
  if (flags.json) await writeFile(flags.json, `${JSON.stringify({ loads, rows }, null, 2)}\n`);
  for (const { crowd } of servers.values()) crowd.close();
} finally {
  for (const child of references) child.kill();
  await studio.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit();

function server({ pid }: ChildProcess, crowd: Crowd): Server {
  if (pid === undefined) throw new Error('A server has no process.');
  return { pid, crowd, measured: [] };
}

async function reference(kind: string, crowdAt: (port: number) => Promise<Crowd>): Promise<Server> {
  const script = join(import.meta.dirname, 'signalling', 'reference-server.ts');
  const child = spawn(process.execPath, [script, kind], { stdio: ['ignore', 'pipe', 'inherit'] });
  references.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return server(child, await crowdAt(Number(line)));
}

/** All servers' throughput right after one another, so that they meet the same machine. */
async function measureRound(servers: ReadonlyMap<string, Server>): Promise<void> {
  const throughputs = new Map<string, Throughput>();
  for (const [name, { crowd, pid }] of servers) {
    throughputs.set(name, await named(name, measureThroughput(crowd, pid)));
  }
  const bare = throughputs.get('bare ws')?.messagesPerSecond ?? Number.NaN;
  for (const [name, { crowd, measured }] of servers) {
    const latency = await named(name, measureLatency(crowd));
    const throughput = throughputs.get(name);
    if (!throughput) continue;
    measured.push({ ...throughput, ofBare: throughput.messagesPerSecond / bare, latency });
  }
}

function named<T>(name: string, measuring: Promise<T>): Promise<T> {
  return measuring.catch((error: Error) => {
    throw new Error(`${name}: ${error.message}`);
  });
}

function middle(measured: Server['measured']) {
  const median = (of: (one: Server['measured'][number]) => number) =>
    latencyOf(measured.map(of)).p50Ms;
  return {
    messagesPerSecond: median((one) => one.messagesPerSecond),
    ofBare: median((one) => one.ofBare),
    serverMicroseconds: median((one) => one.serverMicroseconds),
    p50Ms: median(({ latency }) => latency.p50Ms),
    p99Ms: median(({ latency }) => latency.p99Ms),
  };
}
