import { readFileSync, statSync } from 'node:fs';
import type { Logger } from 'pino';
import { TurnConfigError } from './turn-config-error.ts';

/** A secret of 128 random bits in hexadecimal has twice this length. */
const MIN_LENGTH = 16;

/** The secret shared with the TURN servers. It is private: no log line or JSON ever shows it. */
export class TurnSecret {
  readonly #path: string;
  readonly #logger: Logger;
  #value: string;
  #stamp: string;

  private constructor(path: string, logger: Logger, read: { value: string; stamp: string }) {
    this.#path = path;
    this.#logger = logger;
    this.#value = read.value;
    this.#stamp = read.stamp;
  }

  /**
   * Reads the secret shared with the TURN servers: the file's only line.
   * Throws a `TurnConfigError` when it can't be read or is too short to be one.
   */
  static open(path: string, logger: Logger): TurnSecret {
    const found = read(path);
    warnIfOpen(path, logger);
    return new TurnSecret(path, logger, found);
  }

  /**
   * The secret as the file has it now, so that it can be changed while rooms go on. A file that
   * can't be read any more is reported, and what it said last holds.
   */
  current(): string {
    try {
      if (stampOf(this.#path) !== this.#stamp) {
        const { value, stamp } = read(this.#path);
        this.#value = value;
        this.#stamp = stamp;
        this.#logger.info({ path: this.#path }, 'the TURN secret was changed');
        warnIfOpen(this.#path, this.#logger);
      }
    } catch (err) {
      this.#logger.error({ err }, 'the TURN secret can’t be read; the last one known is used');
    }
    return this.#value;
  }
}

function read(path: string): { value: string; stamp: string } {
  try {
    const stamp = stampOf(path);
    const value = readFileSync(path, 'utf8').trim();
    if (value.length >= MIN_LENGTH && !/\s/.test(value)) return { value, stamp };
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
    throw new TurnConfigError(
      `The TURN secret ${path} can’t be read${why}. Name a file that this user may read with --turn-secret-file.`,
      { cause },
    );
  }
  throw new TurnConfigError(
    `The TURN secret ${path} must be one line of at least ${MIN_LENGTH} characters without spaces. Make one with: openssl rand -hex 32`,
  );
}

function stampOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path);
  return `${mtimeMs} ${size} ${ino}`;
}

/** Windows keeps a profile's folders to its user by itself. */
function warnIfOpen(path: string, logger: Logger): void {
  const mode = statSync(path).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o007) === 0) return;
  logger.warn(
    { path },
    `everybody on this machine may open the TURN secret (mode ${mode.toString(8)}); close it with: chmod 600 ${path}`,
  );
}
