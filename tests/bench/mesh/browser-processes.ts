import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Kernel ticks a second in /proc (proc(5), `sysconf(_SC_CLK_TCK)`), 100 on every Linux in use. */
const TICKS_PER_SECOND = 100;

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
  const processes = new Map<number, { parent: number; ticks: number; name: string }>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (stat) processes.set(pid, stat);
  }
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

/** `undefined` for a process that has ended meanwhile. */
function statOf(pid: number): { parent: number; ticks: number; name: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
  // The name, in parentheses, may hold anything.
  const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [, parent, , , , , , , , , , user, system] = fields;
  return { parent: Number(parent), ticks: Number(user) + Number(system), name };
}
