import type { RecogniserSettings, Transcript } from '../../protocol/summaries.ts';
import { askEndpoint } from './endpoint.ts';
import { type Recogniser, transcriptFrom } from './recogniser.ts';

/** Five minutes of sound on a slow machine. */
const TIMEOUT_MS = 30 * 60_000;

type HttpSettings = Extract<RecogniserSettings, { kind: 'whisper-server' | 'openai' }>;

/** whisper.cpp's server, or any OpenAI-compatible transcription endpoint. */
export class HttpRecogniser implements Recogniser {
  readonly #settings: HttpSettings;
  readonly #key: string | undefined;

  constructor(settings: HttpSettings, key: string | undefined) {
    this.#settings = settings;
    this.#key = key;
  }

  async recognise(wav: Buffer, durationMs: number, signal: AbortSignal): Promise<Transcript> {
    const body = new FormData();
    body.set('file', new Blob([new Uint8Array(wav)], { type: 'audio/wav' }), 'speech.wav');
    body.set('response_format', 'verbose_json');
    if (this.#settings.kind === 'openai') {
      body.set('model', this.#settings.model);
      body.set('timestamp_granularities[]', 'segment');
    }
    const { url } = this.#settings;
    const answer = await askEndpoint({ url, key: this.#key, body, signal, timeoutMs: TIMEOUT_MS });
    return transcriptFrom(answer, durationMs);
  }
}
