import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { BridgeError } from '../../preload/contract.ts';
import type { BridgeCode } from '../../preload/wire.ts';
import { ProtocolError } from '../../protocol/errors.ts';

/**
 * What the window may know of an error: a refusal as it is, anything else as `internal` with a
 * reference under which the log has the whole story.
 */
export function crossingError(error: unknown, method: string, logger: Logger): BridgeError {
  if (error instanceof ProtocolError) {
    return {
      code: error.code,
      message: error.message,
      ...(error.fields && { fields: error.fields }),
    };
  }
  const reference = `ref_${randomBytes(6).toString('hex')}`;
  logger.error({ err: error, reference, method }, 'a call over the bridge failed');
  return {
    code: 'internal',
    message: `Something went wrong inside the studio. The log in the data folder says more under ${reference}.`,
  };
}

/** `validation-failed` with each bad field, named as in the input. */
export function invalidInput(method: string, error: z.ZodError): BridgeError {
  const fields = error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
  }));
  const sentence = fields.map((field) => `${field.path || 'input'}: ${field.message}`).join('; ');
  return {
    code: 'validation-failed',
    message: `${method} refused its input: ${sentence}.`,
    fields,
  };
}

/** The window asked for something the contract does not have. */
export function unknownMethod(method: string): BridgeError {
  const code: BridgeCode = 'unknown-method';
  return { code, message: `The studio has no method "${method.slice(0, 80)}".` };
}
