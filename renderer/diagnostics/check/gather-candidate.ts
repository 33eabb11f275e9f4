import type { IceServer } from '../../../protocol/rooms.ts';
import type { Gathering, GatheringError } from './connection-check.ts';
import { untilAborted } from './until-aborted.ts';

/** In no browser's typings yet (w3c/webrtc-extensions, `RTCIceCandidate.relayProtocol`). */
type Candidate = RTCIceCandidate & { relayProtocol?: string | null };

/** Gathers candidates until one of that type is found, or there are no more. */
export async function gatherCandidate(
  want: 'srflx' | 'relay',
  servers: readonly IceServer[],
  signal: AbortSignal,
): Promise<Gathering> {
  const connection = new RTCPeerConnection({
    iceServers: servers.map(toRtcIceServer),
    iceTransportPolicy: want === 'relay' ? 'relay' : 'all',
  });
  try {
    const gathering = untilAborted<Gathering>(signal, (resolve) => {
      const errors: GatheringError[] = [];
      connection.addEventListener('icecandidateerror', ({ errorCode, url }) => {
        errors.push({ code: errorCode, url });
      });
      connection.addEventListener('icecandidate', ({ candidate }) => {
        // An empty candidate ends one generation; the null after it ends them all.
        if (candidate === null) resolve({ found: false, errors });
        if (candidate?.type === want) resolve({ found: true, errors, ...relayOf(candidate) });
      });
      return () => connection.close();
    });
    connection.createDataChannel('check');
    const [found] = await Promise.all([gathering, connection.setLocalDescription()]);
    return found;
  } finally {
    connection.close();
  }
}

function relayOf({ relayProtocol }: Candidate): Pick<Gathering, 'relayProtocol'> {
  return relayProtocol ? { relayProtocol } : {};
}

function toRtcIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  };
}
