import { EventEmitter } from 'node:events';
import { nanoid } from 'nanoid';
import { isOver, type JobKind, type LibraryJob } from '../../../protocol/recording-library.ts';

/** Jobs that are over and still told of. */
const REMEMBERED = 50;

/** Tells of progress no more often than a person can see it. */
const PROGRESS_STEP = 0.005;

/** What a job is for. */
export interface JobSubject {
  kind: JobKind;
  recordingId: string;
  title: string;
}

export interface JobControl {
  /** Aborted when the person cancels, or the studio closes. */
  signal: AbortSignal;
  /** @param fraction 0 to 1 */
  progress(fraction: number): void;
}

/** What a job that was done leaves in its note. */
export type JobOutcome = Pick<LibraryJob, 'path' | 'hash'>;

interface QueuedJob {
  job: LibraryJob;
  abort: AbortController;
  work: (control: JobControl) => Promise<JobOutcome>;
  settled: PromiseWithResolvers<LibraryJob>;
}

/**
 * Long work on recordings, of each kind one at a time and in the order of asking: two exports at
 * once would each take twice as long, and a live room beside them would have less of the machine.
 */
export class JobQueue extends EventEmitter<{ changed: [LibraryJob] }> {
  readonly #jobs = new Map<string, QueuedJob>();
  readonly #running = new Set<JobKind>();
  #closed = false;

  /** All that wait and run, and the latest that are over, the oldest first. */
  list(): LibraryJob[] {
    return [...this.#jobs.values()].map(({ job }) => job);
  }

  /** A job of this kind that is not over. */
  current(kind: JobKind, recordingId: string): LibraryJob | undefined {
    return this.list().find(
      (job) => job.kind === kind && job.recordingId === recordingId && !isOver(job),
    );
  }

  add(subject: JobSubject, work: QueuedJob['work']): LibraryJob {
    if (this.#closed) throw new Error('The studio is closing.');
    const job: LibraryJob = {
      jobId: `job_${nanoid(12)}`,
      ...subject,
      state: 'waiting',
      progress: 0,
    };
    const settled = Promise.withResolvers<LibraryJob>();
    this.#jobs.set(job.jobId, { job, abort: new AbortController(), work, settled });
    this.#forgetOldest();
    this.emit('changed', job);
    this.#next(subject.kind);
    return this.#jobs.get(job.jobId)?.job ?? job;
  }

  /** Resolves with the job when it is over; `undefined` for one that is not known. */
  async over(jobId: string): Promise<LibraryJob | undefined> {
    return this.#jobs.get(jobId)?.settled.promise;
  }

  /** Ends a job as soon as it can be ended. One that is over or unknown stays as it is. */
  cancel(jobId: string): void {
    const queued = this.#jobs.get(jobId);
    if (!queued || isOver(queued.job)) return;
    queued.abort.abort(new Error('It was cancelled.'));
    if (queued.job.state === 'waiting') this.#settle(queued, { state: 'cancelled' });
  }

  /** Cancels everything and waits until nothing runs. */
  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#jobs.values()].filter(({ job }) => !isOver(job));
    for (const { job } of open) this.cancel(job.jobId);
    await Promise.all(open.map(({ settled }) => settled.promise));
  }

  #next(kind: JobKind): void {
    if (this.#running.has(kind)) return;
    const next = [...this.#jobs.values()].find(
      ({ job }) => job.kind === kind && job.state === 'waiting',
    );
    if (!next) return;
    this.#running.add(kind);
    this.#change(next, { state: 'running' });
    void this.#run(next).finally(() => {
      this.#running.delete(kind);
      this.#next(kind);
    });
  }

  async #run(queued: QueuedJob): Promise<void> {
    const { signal } = queued.abort;
    try {
      const outcome = await queued.work({
        signal,
        progress: (fraction) => this.#progress(queued, fraction),
      });
      this.#settle(queued, { state: 'done', progress: 1, ...outcome });
    } catch (error) {
      const failure = { state: 'failed', error: told(error) } as const;
      this.#settle(queued, signal.aborted ? { state: 'cancelled' } : failure);
    }
  }

  #progress(queued: QueuedJob, fraction: number): void {
    const progress = Math.min(1, Math.max(queued.job.progress, fraction));
    if (progress - queued.job.progress < PROGRESS_STEP) return;
    this.#change(queued, { progress });
  }

  #settle(queued: QueuedJob, end: Partial<LibraryJob>): void {
    this.#change(queued, end);
    queued.settled.resolve(queued.job);
  }

  #change(queued: QueuedJob, change: Partial<LibraryJob>): void {
    queued.job = { ...queued.job, ...change };
    this.emit('changed', queued.job);
  }

  #forgetOldest(): void {
    const over = [...this.#jobs.values()].filter(({ job }) => isOver(job));
    for (const { job } of over.slice(0, Math.max(0, over.length - REMEMBERED))) {
      this.#jobs.delete(job.jobId);
    }
  }
}

function told(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'internal', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
  return { code, message: error.message };
}
