import { constants, setPriority } from 'node:os';

/** Lets a process wait behind a room that is live on this machine. */
export function yieldPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch (error) {
    // It ended before it could be slowed down: its exit code says how.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR'))
      throw error;
  }
}

/** A sentence of how ffmpeg ended, with its last line where it left one. */
export function lastWords(stderr: string, code: number | null): string {
  const line = stderr.trim().split('\n').at(-1);
  return `ffmpeg ended with ${code ?? 'a signal'}${line ? `: ${line}` : ''}.`;
}
