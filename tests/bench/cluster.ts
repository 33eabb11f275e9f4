import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type NodeProcess, startNode } from '../support/node-process.ts';
import { redisProblem, startRedis, type TestRedis } from '../support/redis.ts';
import { ClusterCrowd } from './cluster/cluster-crowd.ts';
import { clusterSigner, nodeSigner } from './cluster/member-tokens.ts';
import { type Latency, latencyOf, table } from './figures.ts';
import { readStamp } from './signalling/crowd.ts';

/**
 * Rooms on one node alone, and on one, two and three nodes that share a Redis: how long people take
 * to connect and join, how much signalling goes through, what a connection costs in memory; then one
 * of several nodes is killed, and it is seen how long its people are away, and that nothing is lost
 * that was decided.
 *
 *   npm run bench:cluster [-- --sockets 5000 --rooms 500 --nodes 0,1,2,3 --json FILE]
 */
const { values: flags } = parseArgs({
  options: {
    sockets: { type: 'string', default: '5000' },
    rooms: { type: 'string', default: '500' },
    nodes: { type: 'string', default: '0,1,2,3' },
    json: { type: 'string' },
  },
});
const rooms = Number(flags.rooms);
const peoplePerRoom = Math.round(Number(flags.sockets) / rooms);

/** Each person answers for the last message that came through, so many times. */
const ROUNDS = 20;
/** Messages a second when latency is measured, over all people. */
const PACED_PER_SECOND = 500;
const PACED_MESSAGES = 3_000;
/** Nothing arriving for so long is an end. */
const SILENCE_MS = 10_000;

interface Figures {
  name: string;
  connect: Latency;
  join: Latency;
  messagesPerSecond: number;
  latency: Latency;
  lost: number;
  kilobytesPerConnection: number;
  load: number;
}

interface Killing {
  name: string;
  /** People who were connected to the node that was killed. */
  people: number;
  allBackMs: number;
}

if (redisProblem) {
  console.log(`Nothing was measured: ${redisProblem}`);
  process.exit(0);
}
const folder = await mkdtemp(join(tmpdir(), 'swarm-bench-cluster-'));
const results: Figures[] = [];
const killings: Killing[] = [];
try {
  for (const count of flags.nodes.split(',').map(Number)) {
    await measure(count);
    console.log(`${tables()}\n`);
  }
  if (flags.json) await writeFile(flags.json, JSON.stringify({ results, killings }, null, 2));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** @param count nodes on one Redis; 0: one node with a store of its own */
async function measure(count: number): Promise<void> {
  const redis = count === 0 ? undefined : await startRedis(['appendfsync everysec']);
  const nodes: NodeProcess[] = [];
  try {
    for (let place = 0; place < Math.max(1, count); place += 1) {
      nodes.push(await startNode(join(folder, `${count}-${place}`), flagsOf(redis, place)));
    }
    const sign = redis ? await clusterSigner(redis) : await nodeSigner(join(folder, '0-0'));
    const before = nodes.map(residentKb);
    const addresses = nodes.map(({ address }) => address);
    const crowd = await ClusterCrowd.gather({
      ...{ sign, rooms, peoplePerRoom },
      nodes: () => addresses,
    });
    const grownKb = nodes.map((node, index) => residentKb(node) - (before[index] ?? 0));
    const load = loadavg()[0] ?? Number.NaN;
    const { messagesPerSecond, lost } = await throughput(crowd);
    const latency = latencyOf(await pacedLatencies(crowd));
    const name = count === 0 ? 'one node, its own store' : `${count} on Redis`;
    results.push({
      ...{ name, messagesPerSecond, lost, latency, load },
      connect: latencyOf(crowd.people.map(({ connectMs }) => connectMs)),
      join: latencyOf(crowd.people.filter(({ joinMs }) => joinMs > 0).map(({ joinMs }) => joinMs)),
      kilobytesPerConnection: grownKb.reduce((sum, kb) => sum + kb, 0) / crowd.people.length,
    });
    if (count > 1) killings.push({ name, ...(await killOne(crowd, nodes, addresses)) });
    crowd.close();
  } finally {
    for (const node of nodes) await node.stop();
    await redis?.stop();
  }
}

function flagsOf(redis: TestRedis | undefined, place: number): string[] {
  if (!redis) return ['--open'];
  return [
    ...['--open', '--redis', redis.url, '--cluster-secret-file', redis.secretFile],
    ...(place === 0 ? [] : ['--rooms-only']),
  ];
}

/** Kills the last node with everything it has in memory, right after a ban on it was confirmed. */
async function killOne(
  crowd: ClusterCrowd,
  nodes: readonly NodeProcess[],
  addresses: string[],
): Promise<Omit<Killing, 'name'>> {
  const victim = nodes.at(-1);
  const host = crowd.people[peoplePerRoom * (nodes.length - 1)];
  const banned = crowd.people[(host?.number ?? 0) + 1];
  if (!victim || !host || !banned) throw new Error('There is nobody.');
  const people = crowd.people.filter(({ number }) => number % nodes.length === nodes.length - 1);
  const decided = await call(addresses[0], host.token, `/${host.roomId}/moderation`, {
    ...{ action: 'ban', targetPeerId: banned.peerId },
  });
  if (decided.code !== undefined) throw new Error(`The ban was refused: ${decided.code}`);
  const gone = addresses.pop();
  const startedAt = performance.now();
  victim.process.kill('SIGKILL');
  for (let waitedMs = 0; crowd.away > 1 || waitedMs < 1_000; waitedMs += 50) {
    if (waitedMs > 60_000) throw new Error(`${crowd.away} people did not come back.`);
    await delay(50);
  }
  const allBackMs = crowd.lastBackAt - startedAt;
  // Everybody is where they were, and a ban that was confirmed holds.
  await delay(2_000);
  const short = crowd.people.filter(
    ({ roster, roomId }) => roster !== (roomId === host.roomId ? peoplePerRoom - 1 : peoplePerRoom),
  );
  const unexpected = short.filter(({ number }) => number !== banned.number);
  for (const p of unexpected)
    console.log(
      'SHORT',
      p.number,
      p.roster,
      p.roomId,
      p.number % nodes.length,
      p.socket?.readyState,
    );
  if (unexpected.length > 0) throw new Error(`${unexpected.length} rooms lost somebody.`);
  const again = await call(addresses[0], banned.token, `/${host.roomId}/join`, {});
  if (again.code !== 'banned') throw new Error(`The ban at ${gone} was lost.`);
  return { people: people.length, allBackMs };
}

async function call(
  address: string | undefined,
  token: string,
  path: string,
  body: object,
): Promise<{ code?: string }> {
  const response = await fetch(`${address}/api/signaling/rooms${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { code?: string };
}

async function throughput(crowd: ClusterCrowd) {
  const total = crowd.people.length * ROUNDS;
  const turns = new Uint32Array(crowd.people.length);
  const next = (number: number) => {
    const person = crowd.people[number];
    const turn = turns[number] ?? 0;
    if (!person || turn >= ROUNDS) return;
    turns[number] = turn + 1;
    crowd.send(person, turn);
  };
  const startedAt = performance.now();
  const arrived = arriving(crowd, total, (from) => next(from));
  for (const { number } of crowd.people) next(number);
  const count = await arrived;
  return {
    messagesPerSecond: (1000 * count) / (performance.now() - startedAt),
    lost: total - count,
  };
}

async function pacedLatencies(crowd: ClusterCrowd): Promise<number[]> {
  const latencies: number[] = [];
  const arrived = arriving(crowd, PACED_MESSAGES, (_from, sentAtMs) =>
    latencies.push(performance.now() - sentAtMs),
  );
  const startedAt = performance.now();
  for (let index = 0; index < PACED_MESSAGES; index += 1) {
    const aheadMs = startedAt + (index * 1000) / PACED_PER_SECOND - performance.now();
    if (aheadMs > 1) await delay(aheadMs);
    const person = crowd.people[(index * 7) % crowd.people.length];
    if (person) crowd.send(person, index);
  }
  await arrived;
  return latencies;
}

/** Resolves with how many arrived, once all have or nothing does any more. */
function arriving(
  crowd: ClusterCrowd,
  total: number,
  arrived: (from: number, sentAtMs: number) => void,
): Promise<number> {
  return new Promise((resolve) => {
    let count = 0;
    const silence = setTimeout(() => resolve(count), SILENCE_MS);
    crowd.onPayload((_to, text) => {
      const stamp = readStamp(text);
      if (!stamp) return;
      count += 1;
      if (count % 64 === 0) silence.refresh();
      arrived(stamp.from, stamp.sentAtMs);
      if (count < total) return;
      clearTimeout(silence);
      resolve(count);
    });
  });
}

function residentKb({ process: { pid } }: NodeProcess): number {
  const [, kb] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb);
}

function tables(): string {
  const ms = ({ p50Ms, p99Ms }: Latency) => `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)}`;
  const figures = table([
    [
      `${rooms * peoplePerRoom} sockets, ${rooms} rooms`,
      'connect ms p50/p99',
      'join ms p50/p99',
      'messages/s',
      'of them lost',
      `latency ms p50/p99 at ${PACED_PER_SECOND}/s`,
      'kB a connection',
      'load',
    ],
    ...results.map((one) => [
      one.name,
      ms(one.connect),
      ms(one.join),
      one.messagesPerSecond.toFixed(0),
      String(one.lost),
      ms(one.latency),
      one.kilobytesPerConnection.toFixed(1),
      one.load.toFixed(1),
    ]),
  ]);
  if (killings.length === 0) return figures;
  const killed = table([
    ['one node killed', 'its people', 'all back after ms', 'rosters and bans lost'],
    ...killings.map(({ name, people, allBackMs }) => [
      ...[name, String(people), allBackMs.toFixed(0)],
      '0',
    ]),
  ]);
  return `${figures}\n\n${killed}`;
}
