import { join } from 'node:path';
import type { Page } from 'playwright';

/** What the demo did, measured and found; printed for people and written as JSON for scripts. */
export class DemoReport {
  roomId = '';
  postId = '';
  recordingId = '';
  participants = 0;
  joinToFirstFrameMs: number[] = [];
  recordedMs = 0;
  replayDurationMs = 0;
  stopToReadyMs = 0;
  sizeBytes = 0;
  segments = 0;
  hashesVerified = 0;
  screenshots: string[] = [];
  failures: string[] = [];
  readonly #out: string;
  readonly #startedAt = performance.now();
  #checks = 0;

  constructor(out: string) {
    this.#out = out;
  }

  get ok(): boolean {
    return this.failures.length === 0;
  }

  /** A line of progress, with the seconds since the start. */
  say(line: string): void {
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1).padStart(6);
    console.log(`${seconds} s  ${line}`);
  }

  check(holds: boolean, what: string): void {
    this.#checks += 1;
    if (!holds) this.fail(`Not so: ${what}`);
  }

  fail(what: string): void {
    this.failures.push(what);
    this.say(`FAILED: ${what}`);
  }

  async screenshot(page: Page, name: string): Promise<void> {
    const path = join(this.#out, `${name}.png`);
    await page.screenshot({ path });
    this.screenshots.push(path);
  }

  toJSON() {
    const { roomId, postId, recordingId, participants, joinToFirstFrameMs, recordedMs } = this;
    const { replayDurationMs, stopToReadyMs, sizeBytes, segments, hashesVerified } = this;
    const { screenshots, failures, ok } = this;
    return {
      ...{ ok, roomId, postId, recordingId, participants, joinToFirstFrameMs, recordedMs },
      ...{ replayDurationMs, stopToReadyMs, sizeBytes, segments, hashesVerified },
      ...{ screenshots, failures },
    };
  }

  toText(): string {
    const rows = [
      ['Room', this.roomId],
      ['Post', this.postId],
      ['Recording', this.recordingId],
      ['Participants', String(this.participants)],
      ['Join to first frame', this.joinToFirstFrameMs.map((ms) => `${ms} ms`).join(', ')],
      ['Recorded', `${(this.recordedMs / 1000).toFixed(1)} s`],
      ['Replay', `${(this.replayDurationMs / 1000).toFixed(1)} s in ${this.segments} segments`],
      ['Stop to ready', `${this.stopToReadyMs} ms`],
      ['Size', `${(this.sizeBytes / 1e6).toFixed(2)} MB`],
      ['Hashes verified', `${this.hashesVerified} of ${this.segments + 1}`],
      ['Checks', `${this.#checks} made, ${this.failures.length} failed`],
      ...this.screenshots.map((path) => ['Screenshot', path]),
      ...this.failures.map((failure) => ['Failure', failure]),
    ];
    const body = rows.map(([name, value]) => `  ${name?.padEnd(20)}${value}`).join('\n');
    return `\n${this.ok ? 'The main job works.' : 'The main job does NOT work.'}\n${body}\n`;
  }
}
