import { validatorCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { ProtocolError } from '../../protocol/errors.ts';
import { sentenceOf } from './problem-details.ts';

/** What is wrong with input, by field; a path of `''` is the whole of it. */
export type Refused = { success: false; fields: { path: string; message: string }[] };

/**
 * What a schema says of input that anybody may have sent. `safeParse` of zod 4.6 throws for some of
 * it: its length checks look at whatever has a `length`, also where the type is wrong already, and
 * comparing `{"length": {"toString": 1}}` with a number is a TypeError.
 */
export function parseUntrusted<T>(
  schema: z.ZodType<T>,
  input: unknown,
): { success: true; data: T } | Refused {
  try {
    const result = schema.safeParse(input);
    if (result.success) return result;
    const { issues } = result.error;
    return {
      success: false,
      fields: issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    };
  } catch {
    return { success: false, fields: [{ path: '', message: UNREADABLE }] };
  }
}

/** Fastify's validator for zod schemas; it too refuses with 400 what makes a schema throw. */
export const untrustedInputCompiler: typeof validatorCompiler = (route) => {
  const validate = validatorCompiler(route);
  return (input: unknown) => {
    try {
      return validate(input);
    } catch {
      return {
        error: new ProtocolError(
          'validation-failed',
          sentenceOf([{ path: '', message: UNREADABLE }]),
        ),
      };
    }
  };
};

const UNREADABLE = 'has fields of a wrong kind';
