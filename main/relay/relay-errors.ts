import { ProtocolError } from '../../protocol/errors.ts';

/** The refusal where there is no worker to relay with. */
export function relayAway(): ProtocolError {
  return new ProtocolError(
    'relay-unavailable',
    'This node can’t relay at present. The room goes on from person to person.',
  );
}

/** The refusal where somebody has nothing at the relay of what they speak of. */
export function notRelayed(sentence: string): ProtocolError {
  return new ProtocolError('not-relayed', sentence);
}
