import { explain } from '../../ui/explain.ts';
import {
  type CheckEnvironment,
  type CheckId,
  type CheckOutcome,
  type ConnectionCheck,
  failed,
  type Known,
} from './connection-check.ts';

/** How far a step is. */
export type CheckProgress =
  | { id: CheckId; title: string; status: 'waiting' | 'running' }
  | ({ id: CheckId; title: string } & CheckOutcome);

/** What all steps together say: the worst of them, or `running` while one is still to come. */
export type Verdict = 'running' | 'fine' | 'warning' | 'failed';

export interface RunOptions {
  /** Ends the step at hand and leaves the others out. */
  signal: AbortSignal;
  /** Told at once, and at each change. */
  changed(progress: readonly CheckProgress[]): void;
}

/**
 * Takes the steps one after the other: each uses the line or a device that the next needs, too.
 * Never rejects and never hangs: a step that throws has failed, and one that takes longer than
 * its limit is ended.
 */
export async function runChecks(
  checks: readonly ConnectionCheck[],
  environment: CheckEnvironment,
  { signal, changed }: RunOptions,
): Promise<readonly CheckProgress[]> {
  let progress: readonly CheckProgress[] = checks.map(({ id, title }) => ({
    id,
    title,
    status: 'waiting',
  }));
  const set = (step: CheckProgress) => {
    progress = progress.map((known) => (known.id === step.id ? step : known));
    changed(progress);
  };
  changed(progress);
  let known: Known = {};
  for (const check of checks) {
    if (signal.aborted) break;
    const { id, title } = check;
    set({ id, title, status: 'running' });
    const { learned, ...outcome } = await runCheck(check, environment, known, signal);
    known = { ...known, ...learned };
    if (!signal.aborted) set({ id, title, ...outcome });
  }
  return progress;
}

/** The worst that was found. */
export function verdictOf(progress: readonly CheckProgress[]): Verdict {
  const has = (...statuses: CheckProgress['status'][]) =>
    progress.some(({ status }) => statuses.includes(status));
  if (has('waiting', 'running')) return 'running';
  if (has('failed')) return 'failed';
  return has('warning') ? 'warning' : 'fine';
}

async function runCheck(
  check: ConnectionCheck,
  environment: CheckEnvironment,
  known: Readonly<Known>,
  signal: AbortSignal,
): Promise<CheckOutcome & { learned?: Known }> {
  const step = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;
  const ended = new Promise<CheckOutcome>((resolve) => {
    stop = () => resolve(check.late);
    timer = setTimeout(stop, check.limitMs);
    signal.addEventListener('abort', stop);
  });
  // In a promise of its own, so that what a step throws at once is caught as well.
  const found = Promise.resolve()
    .then(() => check.run(environment, known, step.signal))
    .catch((error: unknown) => failed(explain(error).message));
  try {
    return await Promise.race([found, ended]);
  } finally {
    clearTimeout(timer);
    if (stop) signal.removeEventListener('abort', stop);
    step.abort();
  }
}
