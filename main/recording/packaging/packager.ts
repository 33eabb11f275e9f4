import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { JournalReport, JournalSlice } from '../journal/journal-reader.ts';
import { TakeSplicer } from '../takes/take-splicer.ts';
import { type Intake, type PlayableMedia, PublishedMedia } from './published-media.ts';
import { PutSink } from './put-sink.ts';
import { restartDelayMs } from './restart-policy.ts';
import { runFfmpeg } from './run-ffmpeg.ts';
import type { SegmentStore } from './segment-store.ts';
import { StallWatch } from './stall-watch.ts';

/** ffmpeg copies 10 s of video in some 20 ms; one that does nothing for this long hangs. */
const STALL_MS = 15_000;

/** How long uploads may take to arrive after ffmpeg has ended; over the loopback they are there. */
const LAST_UPLOADS_MS = 3000;

export interface PackagerOptions {
  store: SegmentStore;
  ffmpegPath: string;
  /** The journal from its start, again for each attempt; it throws when `signal` aborts. */
  read: (signal: AbortSignal) => AsyncGenerator<JournalSlice, JournalReport>;
  /** Aborted once the recording has stopped: from then on attempts are counted. */
  stopped: AbortSignal;
  logger: Logger;
  stallMs?: number | undefined;
  /** Told when ffmpeg ended early and is started again, and when it works again. */
  interrupted?: ((now: boolean) => void) | undefined;
}

/** A recording in its published form, and what could not be read of its journal. */
export interface PackagedMedia extends PlayableMedia {
  journal: JournalReport;
  /** Where each take begins, in ms from the beginning. */
  takeStartsMs: readonly number[];
}

/** What one run of ffmpeg made its segments of. */
type Packaged = Pick<PackagedMedia, 'journal' | 'takeStartsMs'>;

/**
 * Makes HLS segments of a journal while it grows. ffmpeg may be slow, hang or die: the journal
 * does not wait for it, and a new ffmpeg starts over from the journal's beginning, of which what
 * is published already is recognised and left as it is.
 */
export class Packager {
  readonly media: PublishedMedia;
  readonly #options: PackagerOptions;

  constructor(options: PackagerOptions) {
    this.#options = options;
    this.media = new PublishedMedia(options.store, options.logger);
  }

  /** Resolves when the journal has ended and all of it is published. Throws after giving up. */
  async run(): Promise<PackagedMedia> {
    const { logger, stopped, interrupted } = this.#options;
    let failures = 0;
    for (;;) {
      const before = this.media.segments.length;
      try {
        const packaged = await this.#attempt();
        return { ...this.media.playable(), ...packaged };
      } catch (error) {
        failures = this.media.segments.length > before ? 1 : failures + 1;
        const delayMs = restartDelayMs(failures, !stopped.aborted);
        logger.warn({ err: error, failures, delayMs }, 'ffmpeg ended early');
        interrupted?.(true);
        if (delayMs === undefined) throw error;
        // Stop cuts the wait short.
        await delay(delayMs, undefined, { signal: stopped }).catch(() => undefined);
      }
    }
  }

  async #attempt(): Promise<Packaged> {
    const { ffmpegPath, stallMs = STALL_MS, interrupted } = this.#options;
    const abort = new AbortController();
    const watch = new StallWatch(stallMs, () => {
      abort.abort(new Error(`ffmpeg did nothing for ${stallMs / 1000} s.`));
    });
    const intake = this.media.intake();
    const splicer = new TakeSplicer();
    const sink = await PutSink.open(
      async (name, body) => {
        await intake.receive(name, touching(body, watch));
        interrupted?.(false);
      },
      (error) => abort.abort(error),
    );
    const journal = this.#options.read(abort.signal);
    let report: JournalReport | undefined;
    const input = async function* () {
      for (;;) {
        watch.rest();
        const next = await journal.next();
        watch.expect();
        if (next.done) {
          report = next.value;
          return;
        }
        const bytes = splicer.push(next.value.bytes);
        if (bytes.length > 0) yield bytes;
      }
    };
    try {
      await runFfmpeg({
        ffmpegPath,
        input: input(),
        outputUrl: sink.url,
        signal: abort.signal,
      });
      if (!report) throw new Error('ffmpeg ended before the recording did.');
      await handedIn(intake, abort.signal);
      intake.finish();
      return { journal: report, takeStartsMs: splicer.takeStartsMs };
    } catch (error) {
      // When it was us who ended it, the reason says more than ffmpeg's last words.
      throw abort.signal.aborted ? abort.signal.reason : error;
    } finally {
      watch.rest();
      abort.abort(new Error('This run of ffmpeg is over.'));
      await sink.close();
      await closeReader(journal);
    }
  }
}

/** ffmpeg may be gone before this process has even seen its last uploads. */
async function handedIn(intake: Intake, failed: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(LAST_UPLOADS_MS);
  const gone = AbortSignal.any([failed, timeout]);
  gone.throwIfAborted();
  await Promise.race([intake.complete, once(gone, 'abort')]);
  if (failed.aborted) throw failed.reason;
  if (timeout.aborted) throw new Error('ffmpeg ended without handing in all segments.');
}

/** Lets go of the journal's file; a wait for more slices ends by its signal. */
async function closeReader(journal: AsyncGenerator<JournalSlice, JournalReport>): Promise<void> {
  await journal.return({ slices: 0, damagedSeqs: [], tornBytes: 0, unreadableBytes: 0 });
}

async function* touching(body: AsyncIterable<Uint8Array>, watch: StallWatch) {
  for await (const chunk of body) {
    watch.progress();
    yield chunk;
  }
}
