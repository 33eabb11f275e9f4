import { existsSync } from 'node:fs';

/** What to do where mediasoup's worker is missing. */
export const WORKER_MISSING =
  'mediasoup’s worker is not here. Fetch or build it with: npm rebuild mediasoup; or build it elsewhere and name the program with MEDIASOUP_WORKER_BIN.';

/** Whether there is a program that mediasoup can run. */
export async function hasWorker(): Promise<boolean> {
  const { workerBin } = await import('mediasoup');
  return existsSync(workerBin);
}
