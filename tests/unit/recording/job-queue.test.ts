import { describe, expect, it } from 'vitest';
import { type JobControl, JobQueue } from '../../../main/recording/library/job-queue.ts';

const subject = (kind: 'verify' | 'export', recordingId = 'rec_0123456789') => ({
  ...{ kind, recordingId },
  title: 'Evening',
});

/** Work that ends when it is told to, or cancelled. */
function work() {
  const end = Promise.withResolvers<{ path: string }>();
  let control: JobControl | undefined;
  return {
    ...end,
    control: () => control,
    run: (given: JobControl) => {
      control = given;
      given.signal.addEventListener('abort', () => end.reject(given.signal.reason));
      return end.promise;
    },
  };
}

describe('jobs', () => {
  it('of one kind run one at a time; another kind does not wait for them', async () => {
    const queue = new JobQueue();
    const [first, second, check] = [work(), work(), work()];
    const one = queue.add(subject('export'), first.run);
    const two = queue.add(subject('export'), second.run);
    const other = queue.add(subject('verify'), check.run);
    expect([one.state, two.state, other.state]).toEqual(['running', 'waiting', 'running']);
    first.resolve({ path: '/a' });
    expect(await queue.over(one.jobId)).toMatchObject({ state: 'done', path: '/a', progress: 1 });
    await Promise.resolve();
    expect(queue.list().find(({ jobId }) => jobId === two.jobId)?.state).toBe('running');
    second.resolve({ path: '/b' });
    check.resolve({ path: '' });
    expect((await queue.over(two.jobId))?.state).toBe('done');
  });

  it('tell how far they are, never less than before', () => {
    const queue = new JobQueue();
    const told: number[] = [];
    queue.on('changed', ({ progress }) => told.push(progress));
    const running = work();
    queue.add(subject('export'), running.run);
    for (const fraction of [0.2, 0.2001, 0.1, 2]) running.control()?.progress(fraction);
    expect(told).toEqual([0, 0, 0.2, 1]);
  });

  it('that fail say why, by a code where there is one', async () => {
    const queue = new JobQueue();
    const failing = queue.add(subject('export'), () =>
      Promise.reject(Object.assign(new Error('The disk is full.'), { code: 'storage-full' })),
    );
    expect(await queue.over(failing.jobId)).toMatchObject({
      state: 'failed',
      error: { code: 'storage-full', message: 'The disk is full.' },
    });
  });

  it('end at once when cancelled, and cancelling again does nothing', async () => {
    const queue = new JobQueue();
    const running = queue.add(subject('export'), work().run);
    const waiting = queue.add(subject('export', 'rec_other00000'), work().run);
    queue.cancel(waiting.jobId);
    queue.cancel(running.jobId);
    queue.cancel(running.jobId);
    queue.cancel('job_unknown');
    expect((await queue.over(running.jobId))?.state).toBe('cancelled');
    expect((await queue.over(waiting.jobId))?.state).toBe('cancelled');
  });

  it('are all over when the queue is closed, and no new one begins', async () => {
    const queue = new JobQueue();
    const running = queue.add(subject('export'), work().run);
    queue.add(subject('export', 'rec_other00000'), work().run);
    await queue.close();
    expect(queue.list().map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    expect(() => queue.add(subject('verify'), work().run)).toThrow('closing');
    expect((await queue.over(running.jobId))?.state).toBe('cancelled');
  });

  it('that are over are forgotten in the end', async () => {
    const queue = new JobQueue();
    for (let count = 0; count < 200; count += 1) {
      const { jobId } = queue.add(subject('verify'), async () => ({}));
      await queue.over(jobId);
    }
    expect(queue.list().length).toBeLessThanOrEqual(51);
  });
});
