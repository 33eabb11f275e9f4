import type { Logger } from 'pino';
import { renderStoryboard, TILES_PER_SHEET } from '../../protocol/storyboard-vtt.ts';
import { BackgroundWork } from '../background-work.ts';
import { storyboardFrames, storyboardSegments } from '../pictures/storyboard-frames.ts';
import { storyboardSheet } from '../pictures/storyboard-sheet.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import type { StoryboardStore } from './storyboard-store.ts';

export interface StoryboardsOptions {
  recordings: RecordingService;
  store: StoryboardStore;
  ffmpegPath: string | undefined;
  logger: Logger;
}

/**
 * Makes the storyboards of recordings once they are ready, one after the other, beside everything
 * else. What fails is tried again at the next start.
 */
export class Storyboards {
  readonly #options: StoryboardsOptions;
  readonly #work: BackgroundWork;

  constructor(options: StoryboardsOptions) {
    this.#options = options;
    this.#work = new BackgroundWork(
      options.logger,
      'a storyboard could not be made; the next start tries again',
    );
    options.recordings.on('changed', (_roomId, { recordingId, state }) => {
      if (state === 'ready') this.#ask(recordingId);
    });
  }

  /** Makes what an earlier run of the studio did not come to. */
  catchUp(): void {
    const { catalogue } = this.#options.recordings.library;
    // Somebody may be about to watch the latest.
    for (const { recordingId } of catalogue.inState('ready').reverse()) this.#ask(recordingId);
  }

  /** Resolves when nothing is left to do. */
  settled(): Promise<void> {
    return this.#work.settled();
  }

  close(): Promise<void> {
    return this.#work.close();
  }

  #ask(recordingId: string): void {
    this.#work.add({ recordingId }, async () => {
      try {
        await this.#make(recordingId);
      } catch (error) {
        // Deleted meanwhile: there is nothing left to show.
        if (this.#isReady(recordingId)) throw error;
      }
    });
  }

  async #make(recordingId: string): Promise<void> {
    const { recordings, store, ffmpegPath } = this.#options;
    if (ffmpegPath === undefined || !this.#isReady(recordingId)) return;
    if (await store.has(recordingId)) return;
    const media = await recordings.sealedMedia(recordingId);
    if (!media) return;
    const run = { ffmpegPath, signal: this.#work.signal };
    const chosen = storyboardSegments(media.manifest.segments);
    const sheets: Buffer[] = [];
    for (let at = 0; at < chosen.length; at += TILES_PER_SHEET) {
      const part = chosen.slice(at, at + TILES_PER_SHEET);
      sheets.push(await storyboardSheet(run, await storyboardFrames(run, media, part)));
    }
    const { durationMs } = recordings.status(recordingId);
    const startsMs = chosen.map(({ startMs }) => startMs);
    await store.put(recordingId, { track: renderStoryboard(startsMs, durationMs), sheets });
    await recordings.library.measure(recordingId);
  }

  #isReady(recordingId: string): boolean {
    return this.#options.recordings.library.catalogue.get(recordingId)?.state === 'ready';
  }
}
