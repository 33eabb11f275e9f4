import { readdirSync, readFileSync } from 'node:fs';

/** Kernel ticks a second in /proc (proc(5), `sysconf(_SC_CLK_TCK)`), 100 on every Linux in use. */
export const TICKS_PER_SECOND = 100;

/** What the kernel keeps of a program's name (`TASK_COMM_LEN`). */
const NAME_BYTES = 15;

export interface ProcessStat {
  parent: number;
  name: string;
  /** Processor time it has used, its system calls included. */
  ticks: number;
}

/** What /proc says of a process (Linux alone); `undefined` for one that has ended. */
export function processStat(pid: number): ProcessStat | undefined {
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

/** Processor time of a process that runs, in ticks. */
export function processTicks(pid: number): number {
  return processStat(pid)?.ticks ?? Number.NaN;
}

/** All that run now, by their id. */
export function runningProcesses(): Map<number, ProcessStat> {
  const processes = new Map<number, ProcessStat>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const stat = Number.isInteger(pid) ? processStat(pid) : undefined;
    if (stat) processes.set(pid, stat);
  }
  return processes;
}

/** Ids of what a process started, by the name of its program. */
export function childrenOf(parent: number | undefined, program: string): number[] {
  return [...runningProcesses()]
    .filter(([, stat]) => stat.parent === parent && stat.name === program.slice(0, NAME_BYTES))
    .map(([pid]) => pid);
}
