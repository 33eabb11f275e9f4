import { setTimeout as delay } from 'node:timers/promises';
import { runningProcesses, TICKS_PER_SECOND } from '../../support/processes.ts';

/**
 * Processor time that this process' browsers use, in cores (1.5: one and a half cores busy), over
 * the given time. Linux alone: it reads /proc.
 */
export async function browserCores(durationMs: number): Promise<number> {
  const startedAtMs = performance.now();
  const before = browserTicks();
  await delay(durationMs);
  const elapsedS = (performance.now() - startedAtMs) / 1000;
  return (browserTicks() - before) / TICKS_PER_SECOND / elapsedS;
}

function browserTicks(): number {
  const processes = runningProcesses();
  const isOurs = (pid: number): boolean => {
    const parent = processes.get(pid)?.parent;
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  let ticks = 0;
  for (const [pid, stat] of processes) {
    if (stat.name.includes('chrom') && isOurs(pid)) ticks += stat.ticks;
  }
  return ticks;
}
