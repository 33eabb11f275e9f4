import { SWARM_WIRE } from '../../protocol/swarm-wire.ts';
import type { WireChannel } from './wire-channel.ts';

/** Below this the next pieces are handed to the channel. */
const LOW_WATER_BYTES = 64 * 1024;
/** Addresses that were found by then have to do: there is no trickle over the tracker. */
const GATHERING_MS = 2_000;
/** A computer with some networks, over UDP and TCP, IPv4 and IPv6, has a dozen. */
const MAX_CANDIDATES = 32;

/** One end of a connection that is being made; `channel` opens when both are. */
export interface RtcEnd {
  /** Offer or answer, with this end's addresses. */
  readonly description: RTCSessionDescriptionInit;
  /** Resolves when the other end is reached. Rejects when it can't be, or on {@link close}. */
  readonly channel: Promise<WireChannel>;
  /** For the end that offered. Rejects where the answer is none. */
  accept(answer: RTCSessionDescriptionInit): Promise<void>;
  close(): void;
}

/** Makes an offer. @param iceServers STUN alone: nothing of this is relayed */
export async function offerRtc(iceServers: RTCIceServer[]): Promise<RtcEnd> {
  const connection = new RTCPeerConnection({ iceServers });
  return endOf(connection, () => connection.createOffer());
}

/** Answers an offer. Rejects where it is none, or asks for more than a data channel. */
export async function answerRtc(
  iceServers: RTCIceServer[],
  offer: RTCSessionDescriptionInit,
): Promise<RtcEnd> {
  requireDataAlone(offer);
  const connection = new RTCPeerConnection({ iceServers });
  return endOf(connection, async () => {
    await connection.setRemoteDescription(offer);
    return connection.createAnswer();
  });
}

async function endOf(
  connection: RTCPeerConnection,
  describe: () => Promise<RTCSessionDescriptionInit>,
): Promise<RtcEnd> {
  // Negotiated beforehand: neither side can open others, and there is none without our protocol.
  const raw = connection.createDataChannel(SWARM_WIRE.protocol, {
    negotiated: true,
    id: 0,
    ordered: true,
    protocol: SWARM_WIRE.protocol,
  });
  raw.binaryType = 'arraybuffer';
  raw.bufferedAmountLowThreshold = LOW_WATER_BYTES;
  const channel = opened(connection, raw);
  // Whoever gives up on the connection need not wait for it.
  channel.catch(() => undefined);
  try {
    await connection.setLocalDescription(await describe());
    await gathered(connection);
    const { type, sdp } = connection.localDescription ?? { type: 'rollback', sdp: '' };
    return {
      description: { type, sdp },
      channel,
      async accept(answer) {
        requireDataAlone(answer);
        await connection.setRemoteDescription(answer);
      },
      close: () => connection.close(),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function opened(connection: RTCPeerConnection, raw: RTCDataChannel): Promise<WireChannel> {
  return new Promise((resolve, reject) => {
    raw.onopen = () => resolve(wireOver(connection, raw));
    raw.onclose = () => reject(new Error('The connection was closed before it was open.'));
    connection.onconnectionstatechange = () => {
      if (connection.connectionState !== 'failed') return;
      connection.close();
      reject(new Error('The other viewer can not be reached.'));
    };
  });
}

function wireOver(connection: RTCPeerConnection, raw: RTCDataChannel): WireChannel {
  let waiting: (() => void)[] = [];
  const wake = () => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  let isClosed = false;
  const closed = () => {
    if (isClosed) return;
    isClosed = true;
    connection.close();
    wake();
    wire.onClosed();
  };
  const wire: WireChannel = {
    onMessage: () => undefined,
    onClosed: () => undefined,
    get bufferedBytes() {
      return raw.bufferedAmount;
    },
    send(data) {
      if (raw.readyState !== 'open') return;
      if (typeof data === 'string') raw.send(data);
      else raw.send(data);
    },
    drained: () =>
      raw.readyState === 'open' && raw.bufferedAmount > LOW_WATER_BYTES
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(),
    close: closed,
  };
  raw.onmessage = ({ data }) => wire.onMessage(data);
  raw.onbufferedamountlow = wake;
  raw.onclose = closed;
  connection.onconnectionstatechange = () => {
    if (connection.connectionState === 'failed') closed();
  };
  return wire;
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHERING_MS);
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState !== 'complete') return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * A stranger's description may ask for a data channel, not for a camera's picture, and not have
 * this browser knock at a hundred addresses.
 */
function requireDataAlone({ sdp }: RTCSessionDescriptionInit): void {
  const media = sdp?.match(/^m=.*$/gm) ?? [];
  const candidates = sdp?.match(/^a=candidate:/gm) ?? [];
  if (candidates.length > MAX_CANDIDATES) throw new Error('This description names too many paths.');
  if (media.length === 1 && media[0]?.startsWith('m=application ')) return;
  throw new Error('This description is not one of a single data channel.');
}
