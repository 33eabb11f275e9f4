import { ProtocolError } from '../../../protocol/errors.ts';
import { MAX_MESSAGE_BYTES } from '../../../protocol/messages.ts';
import { SwarmAnnounce, SwarmAnswer, type TrackerRequest } from '../../../protocol/swarm.ts';
import { sentenceOf } from '../../rendezvous/problem-details.ts';
import { parseUntrusted } from '../../rendezvous/untrusted-input.ts';

/**
 * Reads one frame of `/tracker`. Throws `message-too-large`, `validation-failed`,
 * `unsupported-message`. Clients of the public protocol send JSON as text or as bytes.
 */
export function readTrackerMessage(frame: Buffer): TrackerRequest {
  if (frame.length > MAX_MESSAGE_BYTES) {
    throw new ProtocolError('message-too-large', 'Messages may be 64 KiB at most.');
  }
  const value = parseJson(frame);
  const fields = typeof value === 'object' && value !== null ? value : {};
  if (!('action' in fields) || fields.action !== 'announce') {
    throw new ProtocolError('unsupported-message', 'This tracker takes "announce" alone.');
  }
  const result = parseUntrusted<TrackerRequest>(
    'answer' in fields ? SwarmAnswer : SwarmAnnounce,
    value,
  );
  if (result.success) return result.data;
  throw new ProtocolError('validation-failed', sentenceOf(result.fields), result.fields);
}

function parseJson(frame: Buffer): unknown {
  try {
    return JSON.parse(frame.toString('utf8'));
  } catch {
    throw new ProtocolError('validation-failed', 'The message is not valid JSON.');
  }
}
