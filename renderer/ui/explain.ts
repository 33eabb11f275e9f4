import { ZodError } from 'zod';

/** A refusal as the person should read it. */
export interface Explanation {
  code: string;
  message: string;
}

/**
 * Turns whatever was thrown into a sentence. Errors of ours carry a `code` and a sentence that
 * says what to do; anything else is shown as unexpected, with its own words.
 */
export function explain(error: unknown): Explanation {
  if (error instanceof ZodError) {
    return {
      code: 'validation-failed',
      message:
        'The node answered in a form this window does not know. Its version may differ: reload.',
    };
  }
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    if (code) return { code, message: error.message };
    return { code: 'internal', message: `Something unexpected happened: ${error.message}` };
  }
  return { code: 'internal', message: 'Something unexpected happened. Reload and try again.' };
}

/** The message for one field of a refused request, where the refusal names it. */
export function fieldProblem(error: unknown, path: string): string | undefined {
  if (!(error instanceof Error) || !('fields' in error) || !Array.isArray(error.fields)) {
    return undefined;
  }
  for (const field of error.fields) {
    if (field.path === path && typeof field.message === 'string') return field.message;
  }
  return undefined;
}
