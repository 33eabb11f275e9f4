import { spawn } from 'node:child_process';
import type { Logger } from '../../diagnostics/logger.ts';
import type { WindowPlan } from './window-plan.ts';

/** The window on the screen. */
export interface OpenWindow {
  /** Resolves when the person closed it; never for a tab in their own browser. */
  closed: Promise<void>;
  close(): void;
}

/**
 * Carries out a plan. Rejects with a sentence when the program can't be started. The process is
 * apart from the terminal's group, so that Ctrl+C leaves the window its last words.
 */
export function openWindow(
  plan: Exclude<WindowPlan, { kind: 'none' }>,
  logger: Logger,
): Promise<OpenWindow> {
  const child = spawn(plan.command, plan.args, { detached: true, stdio: 'ignore' });
  const owned = plan.kind === 'app-window';
  if (!owned) child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new Error(`${plan.command} could not be started (${cause.message}).`, { cause }));
    });
    child.once('spawn', () => {
      const closed = new Promise<void>((done) => {
        child.once('exit', (exitCode, signal) => {
          logger.info({ exitCode, signal }, 'the window’s process ended');
          if (owned) done();
        });
      });
      resolve({
        closed,
        close() {
          if (owned && child.exitCode === null && child.signalCode === null) child.kill();
        },
      });
    });
  });
}
