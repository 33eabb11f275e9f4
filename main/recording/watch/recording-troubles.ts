import {
  type RecordingTrouble,
  RecordingTroubleCode,
} from '../../../protocol/recording-trouble.ts';
import { type Clock, isoTime } from '../../clock.ts';

/** What is amiss with one recording, and which of it people are told: the gravest. */
export class RecordingTroubles {
  readonly #clock: Clock;
  readonly #told: (trouble: RecordingTrouble | undefined) => void;
  readonly #current = new Map<RecordingTroubleCode, RecordingTrouble>();
  #shown: RecordingTrouble | undefined;

  /** @param told hears of every change of what is shown; `undefined` when all is well again. */
  constructor(clock: Clock, told: (trouble: RecordingTrouble | undefined) => void) {
    this.#clock = clock;
    this.#told = told;
  }

  /** @param message what is amiss and what is being done about it */
  raise(code: RecordingTroubleCode, message = SENTENCES[code]): void {
    const known = this.#current.get(code);
    if (known?.message === message) return;
    const since = known?.since ?? isoTime(this.#clock());
    this.#current.set(code, { code, message, since });
    this.#show();
  }

  clear(...codes: RecordingTroubleCode[]): void {
    for (const code of codes) this.#current.delete(code);
    this.#show();
  }

  #show(): void {
    const gravest = RecordingTroubleCode.options.find((code) => this.#current.has(code));
    const trouble = gravest && this.#current.get(gravest);
    if (trouble === this.#shown) return;
    this.#shown = trouble;
    this.#told(trouble);
  }
}

const SENTENCES: Record<RecordingTroubleCode, string> = {
  'storage-unwritable':
    'The host’s disk can’t be written to. The recording waits and tries again; what was recorded is kept.',
  'storage-full':
    'The host’s disk is full. The recording waits for space and tries again; what was recorded is kept.',
  'recorder-restarting':
    'The recorder stopped working and is being restarted. What was recorded is kept.',
  'recorder-silent':
    'No picture and sound come from the host’s window. What was recorded is kept, and is made a replay if nothing more comes.',
  'storage-slow':
    'The host’s disk takes long to write. The recording waits for it; nothing is lost so far.',
  'packaging-restarting':
    'Making the replay was interrupted and begins again. Nothing of the recording is lost.',
  'storage-low': 'The host’s disk is filling up.',
};
