import { z } from 'zod';

const Line = z.object({
  level: z.number(),
  msg: z.string().default(''),
  err: z.object({ message: z.string() }).optional(),
  reference: z.string().optional(),
});

/** pino's number for `error`; anything below it that gets here is a warning. */
const ERROR_LEVEL = 50;

/** Turns pino's JSON lines into a sentence per line, for a person at a terminal. */
export class ReadableLines {
  readonly #terminal: NodeJS.WritableStream;

  constructor(terminal: NodeJS.WritableStream) {
    this.#terminal = terminal;
  }

  write(json: string): void {
    this.#terminal.write(`${readableLine(json)}\n`);
  }
}

/** `error: what was logged: the error's message (reference r_…)`. */
export function readableLine(json: string): string {
  const line = Line.parse(JSON.parse(json));
  const word = line.level >= ERROR_LEVEL ? 'error' : 'warning';
  const parts = [line.msg, line.err?.message].filter((part) => part);
  const reference = line.reference ? ` (reference ${line.reference})` : '';
  return `${word}: ${parts.join(': ')}${reference}`;
}
