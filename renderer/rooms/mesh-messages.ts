import type { SignalMessage } from '../../protocol/messages.ts';
import type { PeerSignal } from './mesh-peer.ts';
import type { MeshTrust } from './mesh-trust.ts';

type Candidate = NonNullable<Extract<SignalMessage, { type: 'signal:candidate' }>['candidate']>;
type Transceiver = Extract<SignalMessage, { type: 'signal:renegotiate' }>['transceiver'];

/** Who tells whom, in which room. */
export interface SignalAddress {
  roomId: string;
  from: string;
  to: string;
}

/** What a connection wants told, as the protocol says it; descriptions are vouched for. */
export async function toMessage(
  signal: PeerSignal,
  address: SignalAddress,
  trust: Pick<MeshTrust, 'vouch'>,
): Promise<SignalMessage> {
  switch (signal.type) {
    case 'offer': {
      const { type, sdp } = signal;
      const vouched = await trust.vouch({ ...address, sdp });
      return { type: 'signal:offer', ...address, ...vouched, description: { type, sdp } };
    }
    case 'answer': {
      const { type, sdp } = signal;
      const vouched = await trust.vouch({ ...address, sdp });
      return { type: 'signal:answer', ...address, ...vouched, description: { type, sdp } };
    }
    case 'candidate': {
      const { candidate = '', ...rest } = signal.candidate;
      return { type: 'signal:candidate', ...address, candidate: { candidate, ...rest } };
    }
    case 'renegotiate':
      return { type: 'signal:renegotiate', ...address, ...wishesOf(signal) };
  }
}

/** A candidate as the browser takes it. */
export function toCandidateInit(candidate: Candidate): RTCIceCandidateInit {
  return {
    candidate: candidate.candidate,
    sdpMid: candidate.sdpMid ?? null,
    sdpMLineIndex: candidate.sdpMLineIndex ?? null,
    ...(candidate.usernameFragment != null && { usernameFragment: candidate.usernameFragment }),
  };
}

const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

/** Of what the other side wants for a new transceiver only its direction is theirs to choose. */
export function toRenegotiation(wanted: Transceiver): PeerSignal {
  if (!wanted) return { type: 'renegotiate' };
  const direction = DIRECTIONS.find((known) => known === wanted.init?.direction);
  return {
    type: 'renegotiate',
    transceiver: { kind: wanted.kind, ...(direction && { init: { direction } }) },
  };
}

function wishesOf(signal: Extract<PeerSignal, { type: 'renegotiate' }>) {
  const { transceiver, iceRestart } = signal;
  const init = transceiver?.init && { init: { ...transceiver.init } };
  return {
    ...(transceiver && { transceiver: { kind: transceiver.kind, ...init } }),
    ...(iceRestart && { iceRestart }),
  };
}
