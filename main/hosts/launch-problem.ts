import { z } from 'zod';

/** Why a studio can't start, for scripts to branch on; stable. */
const LaunchCode = z.enum([
  'bad-arguments',
  'recording-not-found',
  'data-folder-unwritable',
  'data-folder-in-use',
  'port-in-use',
  'port-refused',
  'certificate-unusable',
  'turn-misconfigured',
  'secrets-locked',
  'storage-unwritable',
  'storage-full',
  'ui-missing',
  'redis-unreachable',
  'cluster-secret-missing',
  'cluster-secret-wrong',
  'community-elsewhere',
  'clock-wrong',
  'start-failed',
]);
export type LaunchCode = z.infer<typeof LaunchCode>;

/** A studio can't start. `message` says what to do next. */
export class LaunchProblem extends Error {
  readonly code: LaunchCode;

  constructor(code: LaunchCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LaunchProblem';
    this.code = code;
  }

  /** 2 for a wrong command line, as is usual; 1 for everything else. */
  get exitCode(): number {
    return this.code === 'bad-arguments' ? 2 : 1;
  }
}

/** The refusal of a command line, where to look included. */
export function badArguments(sentence: string): LaunchProblem {
  return new LaunchProblem('bad-arguments', `${sentence} Start with --help to see all options.`);
}

/** The problem behind whatever start-up threw; errors that carry one of our codes keep it. */
export function launchProblemOf(error: unknown): LaunchProblem {
  if (error instanceof LaunchProblem) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = LaunchCode.safeParse(error instanceof Error && 'code' in error && error.code);
  return new LaunchProblem(code.data ?? 'start-failed', message, { cause: error });
}
