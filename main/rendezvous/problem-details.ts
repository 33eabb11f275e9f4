import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { nanoid } from 'nanoid';
import { type ErrorCode, ProtocolError } from '../../protocol/errors.ts';

/** Fastify's own refusals that deserve a code of their own, by their status. */
const BY_STATUS: Partial<Record<number, { code: ErrorCode; sentence: string }>> = {
  404: { code: 'not-found', sentence: 'There is nothing at this address.' },
  413: { code: 'message-too-large', sentence: 'The body is too large. Send at most 64 KiB.' },
  414: { code: 'not-found', sentence: 'There is nothing at this address: it is too long.' },
  415: { code: 'unsupported-media-type', sentence: 'Send the body as application/json.' },
};

/** Answers `application/problem+json` (RFC 9457). */
export function sendProblem(reply: FastifyReply, error: ProtocolError): FastifyReply {
  // As text, so that no response schema of the route applies to it.
  return reply
    .code(error.status)
    .type('application/problem+json; charset=utf-8')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(error.toProblem());
}

/** Any error of a route as a problem. What we did not foresee is logged and told without details. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  return sendProblem(reply, toProtocolError(error, request));
}

function toProtocolError(error: unknown, request: FastifyRequest): ProtocolError {
  if (error instanceof ProtocolError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.map(({ instancePath, message }) => ({
      path: instancePath.replace(/^\//, '').replaceAll('/', '.'),
      message: message ?? 'is not valid',
    }));
    return new ProtocolError('validation-failed', sentenceOf(fields), fields);
  }
  const status = statusOf(error);
  const known = BY_STATUS[status];
  if (known) return new ProtocolError(known.code, known.sentence);
  if (status >= 400 && status < 500) {
    return new ProtocolError(
      'validation-failed',
      'The request could not be read as JSON over HTTP.',
    );
  }
  const reference = nanoid(8);
  request.log.error(
    { err: error, reference, method: request.method, route: request.routeOptions.url },
    'a request failed',
  );
  return new ProtocolError(
    'internal',
    `Something went wrong on this node. Its log has the details under ${reference}.`,
  );
}

/** One sentence over all bad fields. */
export function sentenceOf(fields: readonly { path: string; message: string }[]): string {
  return `Please check: ${fields.map(({ path, message }) => `${path || 'the body'} ${message}`).join('; ')}.`;
}

function statusOf(error: unknown): number {
  const status = error instanceof Error ? (error as FastifyError).statusCode : undefined;
  return status ?? 500;
}
