import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { ReadableLines } from './readable-lines.ts';

export type { Logger } from 'pino';

/** A log file over this size is set aside at start, so that two of them are all there ever are. */
const ROTATE_ABOVE_BYTES = 5 * 1024 * 1024;

/** Fields that carry keys, tickets or bearer tokens, at the top and one level down. */
const SECRETS = [
  'secret',
  'token',
  'authorization',
  'meshTicket',
  'invitationToken',
  'privateKey',
  'password',
];

/** Where a studio logs. `error`: a person must act; `warn`: something was lost or refused; `info`: what the studio did; `debug`: how. */
export interface LoggerOptions {
  /** The folder for `studio.log`; made where there is none. */
  dir: string;
  level: 'debug' | 'info' | 'warn' | 'error';
  /** Receives warnings and errors as readable lines; `process.stderr` in a host. */
  terminal: NodeJS.WritableStream;
}

/**
 * Logs everything from `level` on as JSON lines to `dir/studio.log`, and warnings and errors as
 * readable lines to the terminal. Written synchronously: the last lines before a crash are the
 * ones that matter. Known secrets never reach either.
 */
export function createLogger(options: LoggerOptions): Logger {
  mkdirSync(options.dir, { recursive: true });
  const file = join(options.dir, 'studio.log');
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > ROTATE_ABOVE_BYTES) renameSync(file, join(options.dir, 'studio.previous.log'));
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          ...SECRETS.flatMap((name) => [name, `*.${name}`]),
          'req.headers.authorization',
          'req.headers.cookie',
          'req.headers["sec-websocket-protocol"]',
        ],
        censor: '[redacted]',
      },
    },
    pino.multistream([
      { level: options.level, stream: pino.destination({ dest: file, sync: true, mode: 0o600 }) },
      { level: 'warn', stream: new ReadableLines(options.terminal) },
    ]),
  );
}
