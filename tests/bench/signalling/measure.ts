import { setTimeout as delay } from 'node:timers/promises';
import { processTicks, TICKS_PER_SECOND } from '../../support/processes.ts';
import { type Latency, latencyOf } from '../figures.ts';
import { type Crowd, PEERS, readStamp, roommate, stampedPayload } from './crowd.ts';

/**
 * Messages per peer in one measurement, each peer answering for its last one: how fast a server
 * can go. Two of them must not fall into the 10 s in which the node lets a peer send 500.
 */
const THROUGHPUT_MESSAGES = 250;
/** Each peer has so many on the way. */
const IN_FLIGHT = 2;

/** Messages a second when latency is measured, over all peers: no queue builds up. */
export const PACED_PER_SECOND = 1000;
const PACED_MESSAGES = 3000;

/** Nothing arriving for this long means that a server dropped messages. */
const SILENCE_MS = 10_000;

export interface Throughput {
  messagesPerSecond: number;
  /** Processor time of the server's process for each message, its system calls included. */
  serverMicroseconds: number;
}

/** How fast the crowd's server relays. Throws when a message got lost. */
export async function measureThroughput(crowd: Crowd, serverPid: number): Promise<Throughput> {
  const total = PEERS * THROUGHPUT_MESSAGES;
  const ticks = processTicks(serverPid);
  const messagesPerSecond = await throughput(crowd, total);
  const serverSeconds = (processTicks(serverPid) - ticks) / TICKS_PER_SECOND;
  return { messagesPerSecond, serverMicroseconds: (serverSeconds * 1e6) / total };
}

/** From sending to arrival, in milliseconds, at a pace the server keeps up with easily. */
export async function measureLatency(crowd: Crowd): Promise<Latency> {
  return latencyOf(await pacedLatencies(crowd));
}

async function throughput(crowd: Crowd, total: number): Promise<number> {
  const sent = new Uint32Array(PEERS);
  const next = (peer: number) => {
    const turn = sent[peer] ?? 0;
    if (turn >= THROUGHPUT_MESSAGES) return;
    sent[peer] = turn + 1;
    crowd.send(peer, roommate(peer, turn), stampedPayload(peer));
  };
  const startedAtMs = performance.now();
  const arrivals = arriving(crowd, total, (from) => next(from));
  for (let peer = 0; peer < PEERS; peer++) {
    for (let index = 0; index < IN_FLIGHT; index++) next(peer);
  }
  await arrivals;
  return total / ((performance.now() - startedAtMs) / 1000);
}

async function pacedLatencies(crowd: Crowd): Promise<number[]> {
  const latencies: number[] = [];
  const arrivals = arriving(crowd, PACED_MESSAGES, (_from, sentAtMs) => {
    latencies.push(performance.now() - sentAtMs);
  });
  const startedAtMs = performance.now();
  for (let index = 0; index < PACED_MESSAGES; index++) {
    const dueMs = startedAtMs + (index * 1000) / PACED_PER_SECOND;
    const aheadMs = dueMs - performance.now();
    if (aheadMs > 1) await delay(aheadMs);
    const peer = (index * 7) % PEERS;
    crowd.send(peer, roommate(peer, index), stampedPayload(peer));
  }
  await arrivals;
  return latencies;
}

/** Resolves when so many payloads have arrived. */
function arriving(
  crowd: Crowd,
  total: number,
  arrived: (from: number, sentAtMs: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let count = 0;
    const silence = setTimeout(() => {
      reject(new Error(`${total - count} of ${total} messages never arrived.`));
    }, SILENCE_MS);
    crowd.onPayload((_to, text) => {
      const stamp = readStamp(text);
      if (!stamp) return;
      count += 1;
      if (count % 64 === 0) silence.refresh();
      arrived(stamp.from, stamp.sentAtMs);
      if (count < total) return;
      clearTimeout(silence);
      resolve();
    });
  });
}
