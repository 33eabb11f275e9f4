import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startStudio } from '../support/studio-process.ts';
import { latencyOf, table } from './figures.ts';
import { type Crowd, PAYLOAD_BYTES, PEERS, ROOMS } from './signalling/crowd.ts';
import {
  measureSignalling,
  PACED_PER_SECOND,
  type SignallingFigures,
} from './signalling/measure.ts';
import { bareCrowd, peerJsCrowd, socketIoCrowd } from './signalling/reference-crowds.ts';
import { studioCrowd } from './signalling/studio-crowd.ts';

/**
 * Signalling through the node, with sessions, validation and limits as always, beside a bare `ws`
 * relay, socket.io and peerjs-server: the same people, payload and traffic, in turns in one run.
 *
 *   npm run bench:signalling [-- --rounds 5 --json FILE]
 */
const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, json: { type: 'string' } },
});
const rounds = Number(flags.rounds);

const folder = await mkdtemp(join(tmpdir(), 'swarm-bench-signalling-'));
const references: ChildProcess[] = [];
const studio = await startStudio(join(folder, 'data'));
try {
  const crowds: Record<string, Crowd> = {
    'bare ws': await bareCrowd(await startReference('ws')),
    'swarm studio': await studioCrowd(studio.address),
    'socket.io': await socketIoCrowd(await startReference('socket.io')),
    'peerjs-server': await peerJsCrowd(await startReference('peerjs')),
  };
  const figures = new Map<string, SignallingFigures[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const [name, crowd] of Object.entries(crowds)) {
      const measured = await measureSignalling(crowd).catch((error: Error) => {
        throw new Error(`${name}: ${error.message}`);
      });
      // The first round warms code and connections.
      if (round > 0) figures.set(name, [...(figures.get(name) ?? []), measured]);
    }
  }
  const rows = [...figures].map(([name, measured]) => ({ name, ...middle(measured) }));
  const bare = rows.find(({ name }) => name === 'bare ws')?.messagesPerSecond ?? Number.NaN;
  console.log(
    `${PEERS} peers in ${ROOMS} rooms, ${PAYLOAD_BYTES} byte payloads; medians of ${rounds} rounds. ` +
      `Latency at ${PACED_PER_SECOND} messages a second. Load ${loadavg()[0]?.toFixed(2)}.\n`,
  );
  console.log(
    table([
      ['', 'messages/s', 'of bare ws', 'p50 ms', 'p99 ms'],
      ...rows.map((row) => [
        row.name,
        row.messagesPerSecond.toFixed(0),
        (row.messagesPerSecond / bare).toFixed(2),
        row.p50Ms.toFixed(2),
        row.p99Ms.toFixed(2),
      ]),
    ]),
  );
  if (flags.json) await writeFile(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
  for (const crowd of Object.values(crowds)) crowd.close();
} finally {
  for (const reference of references) reference.kill();
  await studio.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit();

async function startReference(kind: string): Promise<number> {
  const script = join(import.meta.dirname, 'signalling', 'reference-server.ts');
  const child = spawn(process.execPath, [script, kind], { stdio: ['ignore', 'pipe', 'inherit'] });
  references.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return Number(line);
}

function middle(measured: readonly SignallingFigures[]) {
  const median = (of: (figures: SignallingFigures) => number) => latencyOf(measured.map(of)).p50Ms;
  return {
    messagesPerSecond: median((figures) => figures.messagesPerSecond),
    p50Ms: median(({ latency }) => latency.p50Ms),
    p99Ms: median(({ latency }) => latency.p99Ms),
  };
}
