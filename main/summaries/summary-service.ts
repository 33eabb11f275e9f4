import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { ProtocolError } from '../../protocol/errors.ts';
import type { LibraryJob } from '../../protocol/recording-library.ts';
import type { Chapter } from '../../protocol/recordings.ts';
import type {
  EndpointKeys,
  ShownSummarySettings,
  StreamSummary,
  SummaryBullet,
  SummaryOrigin,
  SummarySettings,
  Transcript,
  TranscriptCue,
} from '../../protocol/summaries.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { Feed } from '../feed/feed.ts';
import type { SecretStore } from '../hosts/host.ts';
import type { JobControl } from '../recording/library/job-queue.ts';
import type { LibraryService } from '../recording/library/library-service.ts';
import { ffmpegMissing } from '../recording/packaging/ffmpeg-missing.ts';
import type { RecordingService } from '../recording/recording-service.ts';
import type { Settings } from '../settings/settings.ts';
import { CommandRecogniser } from './command-recogniser.ts';
import { extractSummary } from './extract-summary.ts';
import { HttpRecogniser } from './http-recogniser.ts';
import { modelSummary } from './model-summary.ts';
import type { Recogniser } from './recogniser.ts';
import { SAMPLE_RATE, speechOf, wavOf } from './speech-audio.ts';
import type { SummaryStore } from './summary-store.ts';

const KEY_NAMES = { recogniser: 'recogniser-key', summariser: 'summariser-key' } as const;
/** Of the work, the part that turns speech into text. */
const RECOGNISING = 0.95;

export interface SummaryServiceOptions {
  store: SummaryStore;
  recordings: RecordingService;
  library: LibraryService;
  feed: Pick<Feed, 'setSummary'>;
  settings: Settings;
  secrets: SecretStore;
  ffmpegPath: string | undefined;
  /** Holds plain sound while a program of the person's reads it; emptied at each start. */
  temporaryDir: string;
  clock: Clock;
}

/** Makes transcripts and summaries when the host asks for them, and keeps them. */
export class SummaryService {
  readonly #options: SummaryServiceOptions;

  private constructor(options: SummaryServiceOptions) {
    this.#options = options;
    options.recordings.on('changed', (_roomId, { recordingId, state }) => {
      if (state === 'expired') this.#forget(recordingId);
    });
  }

  static async open(options: SummaryServiceOptions): Promise<SummaryService> {
    const { temporaryDir } = options;
    await mkdir(temporaryDir, { recursive: true, mode: 0o700 });
    // What a crash left: plain sound of recordings that are encrypted.
    for (const name of await readdir(temporaryDir)) {
      await rm(join(temporaryDir, name), { recursive: true, force: true });
    }
    return new SummaryService(options);
  }

  /** Throws `summary-not-found`. */
  require(recordingId: string): StreamSummary {
    const summary = this.#options.store.summary(recordingId);
    if (summary) return summary;
    throw new ProtocolError('summary-not-found', 'This recording has no summary.');
  }

  /** Throws `summary-not-found`. */
  requireTranscript(recordingId: string): Transcript {
    const transcript = this.#options.store.transcript(recordingId);
    if (transcript) return transcript;
    throw new ProtocolError('summary-not-found', 'This recording has no transcript.');
  }

  /** Changes a summary's words. Throws `summary-not-found`. */
  edit(recordingId: string, bullets: SummaryBullet[]): StreamSummary {
    const { store, clock } = this.#options;
    const edited = { ...this.require(recordingId), bullets, editedAt: isoTime(clock()) };
    store.keepSummary(edited);
    return edited;
  }

  /** Deletes a recording's summary and transcript. Throws `summary-not-found`. */
  remove(recordingId: string): void {
    this.require(recordingId);
    this.#forget(recordingId);
  }

  async settings(): Promise<ShownSummarySettings> {
    const { settings, secrets } = this.#options;
    const has = async (name: keyof typeof KEY_NAMES) =>
      ((await secrets.get(KEY_NAMES[name]))?.length ?? 0) > 0;
    return {
      recogniser: settings.get('recogniser'),
      summariser: settings.get('summariser'),
      hasKeys: { recogniser: await has('recogniser'), summariser: await has('summariser') },
    };
  }

  /** Keys that are not named stay as they are; an empty one is forgotten. */
  async configure(next: SummarySettings & { keys: EndpointKeys }): Promise<ShownSummarySettings> {
    const { settings, secrets } = this.#options;
    settings.set('recogniser', next.recogniser);
    settings.set('summariser', next.summariser);
    for (const name of ['recogniser', 'summariser'] as const) {
      const key = next.keys[name];
      if (key !== undefined) await secrets.set(KEY_NAMES[name], Buffer.from(key));
    }
    return this.settings();
  }

  /** Tries what is configured. Throws `recogniser-unreachable`, `recogniser-failed`. */
  async try(): Promise<void> {
    const { signal } = new AbortController();
    const recogniser = await this.#recogniser();
    const silence = Buffer.alloc(SAMPLE_RATE * 2);
    await recogniser?.recognise(wavOf(silence), 1000, signal);
    const summariser = this.#options.settings.get('summariser');
    if (summariser.kind !== 'openai') return;
    const cues = [{ startMs: 0, endMs: 2000, text: 'Good evening, and welcome to the show.' }];
    await modelSummary(summariser, await this.#key('summariser'), { language: 'en', cues }, signal);
  }

  /**
   * Makes transcript and summary, in the background; the summary that was there stays until there is another.
   * Throws `recording-not-found`, `recording-expired`, `recording-busy`, `ffmpeg-missing`.
   */
  make(recordingId: string): LibraryJob {
    const { library, ffmpegPath } = this.#options;
    if (ffmpegPath === undefined) throw ffmpegMissing();
    return library.work('summarise', recordingId, (control) =>
      this.#make(recordingId, ffmpegPath, control),
    );
  }

  async #make(recordingId: string, ffmpegPath: string, control: JobControl): Promise<void> {
    const { store, feed, clock, recordings } = this.#options;
    const status = recordings.status(recordingId);
    const transcript = await this.#transcribe(recordingId, ffmpegPath, status.durationMs, control);
    // An hour's work is not lost because a language model is away.
    if (transcript) store.keepTranscript(recordingId, transcript);
    const made = await this.#summarise(transcript, status, control.signal);
    control.signal.throwIfAborted();
    const summary: StreamSummary = {
      summaryId: `sum_${nanoid(16)}`,
      recordingId,
      language: transcript?.language ?? 'und',
      ...made,
      generatedAt: isoTime(clock()),
      hasTranscript: transcript !== undefined,
    };
    store.keepSummary(summary);
    feed.setSummary(recordingId, summary.summaryId);
  }

  async #transcribe(
    recordingId: string,
    ffmpegPath: string,
    durationMs: number,
    { signal, progress }: JobControl,
  ): Promise<Transcript | undefined> {
    const recogniser = await this.#recogniser();
    const media = recogniser && (await this.#options.recordings.sealedMedia(recordingId));
    if (!recogniser || !media) return undefined;
    const cues: TranscriptCue[] = [];
    let language = 'und';
    for await (const chunk of speechOf({ ffmpegPath, signal }, media)) {
      const said = await recogniser.recognise(wavOf(chunk.samples), chunk.durationMs, signal);
      if (language === 'und') language = said.language;
      for (const cue of said.cues) {
        const [startMs, endMs] = [cue.startMs + chunk.startMs, cue.endMs + chunk.startMs];
        cues.push({ ...cue, startMs, endMs });
      }
      progress((RECOGNISING * (chunk.startMs + chunk.durationMs)) / Math.max(1, durationMs));
    }
    return { language, cues };
  }

  async #summarise(
    transcript: Transcript | undefined,
    about: { chapters?: Chapter[] | undefined; durationMs: number },
    signal: AbortSignal,
  ): Promise<{ origin: SummaryOrigin; bullets: SummaryBullet[] }> {
    if (transcript && transcript.cues.length > 0) {
      const summariser = this.#options.settings.get('summariser');
      if (summariser.kind === 'openai') {
        const key = await this.#key('summariser');
        return {
          origin: 'model',
          bullets: await modelSummary(summariser, key, transcript, signal),
        };
      }
      const bullets = extractSummary(transcript, about.durationMs);
      if (bullets.length > 0) return { origin: 'extract', bullets };
    }
    const bullets = (about.chapters ?? [])
      .slice(0, 40)
      .map(({ startMs, title }) => ({ atMs: Math.round(startMs), text: title }));
    if (bullets.length > 0) return { origin: 'chapters', bullets };
    throw new ProtocolError(
      'summary-not-found',
      transcript
        ? 'Nothing was understood of this recording, and it has no chapters: there is nothing to sum up.'
        : 'This recording has no chapters, and there is no speech recogniser: set one up in the settings of transcripts.',
    );
  }

  async #recogniser(): Promise<Recogniser | undefined> {
    const { settings, temporaryDir } = this.#options;
    const chosen = settings.get('recogniser');
    switch (chosen.kind) {
      case 'none':
        return undefined;
      case 'command':
        return new CommandRecogniser({ command: chosen.command, temporaryDir });
      case 'whisper-server':
      case 'openai':
        return new HttpRecogniser(chosen, await this.#key('recogniser'));
    }
  }

  async #key(name: keyof typeof KEY_NAMES): Promise<string | undefined> {
    const bytes = await this.#options.secrets.get(KEY_NAMES[name]);
    return bytes && bytes.length > 0 ? Buffer.from(bytes).toString('utf8') : undefined;
  }

  #forget(recordingId: string): void {
    const { store, feed } = this.#options;
    store.forget(recordingId);
    feed.setSummary(recordingId, undefined);
  }
}
