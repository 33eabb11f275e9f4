import { app, type BrowserWindow, dialog, powerMonitor } from 'electron';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Studio } from '../../studio.ts';
import { leavingQuestion } from './leaving-question.ts';

/**
 * Quits in order: asks first when somebody is live or recording, then finishes the recording,
 * then lets the app go.
 */
export class QuitGuard {
  readonly #studio: Studio;
  readonly #stop: () => Promise<void>;
  readonly #logger: Logger;
  #asking = false;
  /** The app is on its way out: nothing is asked any more. */
  #leaving = false;
  #stopped: Promise<void> | undefined;
  #done = false;

  /** @param stop finishes recordings and stops the studio. */
  constructor(studio: Studio, stop: () => Promise<void>, logger: Logger) {
    this.#studio = studio;
    this.#stop = stop;
    this.#logger = logger;
    app.on('before-quit', (event) => {
      if (this.#done) return;
      event.preventDefault();
      void this.#quit();
    });
    powerMonitor.on('shutdown', () => this.#leaveUnasked());
  }

  /** Asks before this window closes; without an answer it stays. */
  watch(window: BrowserWindow): void {
    let agreed = false;
    window.on('close', (event) => {
      if (agreed || this.#leaving || !leavingQuestion(this.#studio.activity())) return;
      event.preventDefault();
      void this.#ask().then((leave) => {
        agreed = leave;
        if (leave) window.close();
      });
    });
    window.on('session-end', () => this.#leaveUnasked());
  }

  /** Logging out or shutting down leaves no time for a question. */
  #leaveUnasked(): void {
    this.#leaving = true;
    app.quit();
  }

  async #quit(): Promise<void> {
    if (!this.#leaving && !(await this.#ask())) return;
    this.#leaving = true;
    this.#stopped ??= this.#stop();
    try {
      await this.#stopped;
    } catch (err) {
      this.#logger.error({ err }, 'the studio could not be stopped in order');
    }
    this.#done = true;
    app.quit();
  }

  /** Whether the person wants to leave; `false` too while the question is already on the screen. */
  async #ask(): Promise<boolean> {
    const question = leavingQuestion(this.#studio.activity());
    if (!question) return true;
    if (this.#asking) return false;
    this.#asking = true;
    const { response } = await dialog.showMessageBox({
      type: 'question',
      ...question,
      buttons: ['Stay', 'Leave'],
      defaultId: 0,
      cancelId: 0,
    });
    this.#asking = false;
    return response === 1;
  }
}
