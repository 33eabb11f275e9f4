import type { z } from 'zod';
import { ProtocolError } from '../../../protocol/errors.ts';
import { ClientMessage, MAX_MESSAGE_BYTES } from '../../../protocol/messages.ts';
import { sentenceOf } from '../problem-details.ts';
import { parseUntrusted } from '../untrusted-input.ts';
import type { ClientConnection } from './connection.ts';

/** Each type's own schema: an error then speaks of its fields, and parsing tries one, not ten. */
const SCHEMAS = new Map<string, z.ZodType<ClientMessage>>(
  ClientMessage.options.map((schema) => [schema.shape.type.value, schema]),
);

/** A message that holds to its schema, and the text it was read from. */
export interface AcceptedMessage {
  message: ClientMessage;
  text: string;
  requestId: string | undefined;
}

/** What was read, or why it is refused; with the id to answer to, where one could be read. */
export type ReadMessage =
  | AcceptedMessage
  | { refusal: ProtocolError; requestId: string | undefined };

/**
 * Reads one frame within the connection's budgets. Refuses with `message-too-large`,
 * `rate-limited`, `unsupported-message`, `validation-failed`.
 */
export function readMessage(
  connection: ClientConnection,
  frame: { data: Buffer; isBinary: boolean },
  now: number,
): ReadMessage {
  // Both budgets spent: nothing in it could be accepted, so it is not even parsed.
  if (connection.messages.isFull(now) && connection.candidates.isFull(now)) {
    return { refusal: rateLimited(), requestId: undefined };
  }
  const content = parseFrame(frame);
  const fields = content instanceof ProtocolError ? {} : fieldsOf(content.value);
  const type = typeof fields.type === 'string' ? fields.type : undefined;
  const requestId = requestIdOf(fields);
  const budget = type === 'signal:candidate' ? connection.candidates : connection.messages;
  if (!budget.take(now)) return { refusal: rateLimited(), requestId };
  if (content instanceof ProtocolError) return { refusal: content, requestId };
  const schema = type === undefined ? undefined : SCHEMAS.get(type);
  if (!schema) return { refusal: unsupported(type), requestId };
  const result = parseUntrusted(schema, content.value);
  if (result.success) return { message: result.data, text: content.text, requestId };
  const { fields: bad } = result;
  return { refusal: new ProtocolError('validation-failed', sentenceOf(bad), bad), requestId };
}

function parseFrame(frame: {
  data: Buffer;
  isBinary: boolean;
}): { text: string; value: unknown } | ProtocolError {
  if (frame.data.length > MAX_MESSAGE_BYTES) {
    return new ProtocolError('message-too-large', 'Messages may be 64 KiB at most.');
  }
  if (frame.isBinary) {
    return new ProtocolError('unsupported-message', 'Messages are JSON in text frames.');
  }
  try {
    const text = frame.data.toString('utf8');
    return { text, value: JSON.parse(text) };
  } catch {
    return new ProtocolError('validation-failed', 'The message is not valid JSON.');
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return value as Record<string, unknown>;
}

function requestIdOf(fields: Record<string, unknown>): string | undefined {
  const { requestId } = fields;
  return typeof requestId === 'string' && requestId.length <= 64 ? requestId : undefined;
}

function rateLimited(): ProtocolError {
  return new ProtocolError('rate-limited', 'Too many messages. Wait a few seconds.');
}

function unsupported(type: string | undefined): ProtocolError {
  return new ProtocolError(
    'unsupported-message',
    type === undefined ? 'A message needs a "type".' : 'This node knows no message of this type.',
  );
}
