import type { IceServer } from '../../../protocol/rooms.ts';
import {
  type ConnectionCheck,
  failed,
  fine,
  type Gathering,
  skipped,
  warning,
} from './connection-check.ts';

const NO_SESSION = skipped('Enter your name first: the node tells its servers to people it knows.');

/** How media would travel: the browser itself, then directly (STUN), then over a relay (TURN). */
export const mediaPathChecks: readonly ConnectionCheck[] = [
  {
    id: 'webrtc',
    title: 'Video connections in this browser',
    limitMs: 10_000,
    late: failed(
      'No picture got through a connection of this browser to itself. An extension or a policy may block WebRTC: switch such extensions off for this page, or use another browser.',
    ),
    async run(environment, _known, signal) {
      const ms = await environment.sendPictureToSelf(signal);
      return fine(`A picture was sent and received within ${(ms / 1000).toFixed(1)} s.`);
    },
  },
  {
    id: 'stun',
    title: 'Direct connections (STUN)',
    limitMs: 12_000,
    late: warning(
      'The STUN server does not answer. Your network may block UDP; a relay can still connect you.',
    ),
    async run(environment, _known, signal) {
      const iceServers = await serversOrNone(() => environment.iceServers(signal));
      if (!iceServers) return NO_SESSION;
      const learned = { iceServers };
      const servers = only(iceServers, /^stuns?:/);
      if (servers.length === 0) return { ...noServer(environment.sameComputer, 'STUN'), learned };
      const { found } = await environment.gather('srflx', servers, signal);
      if (found) return { ...fine('Other networks can be told how to reach you.'), learned };
      return {
        ...warning(
          'No public address of yours was found. Where direct connections fail, a relay can still connect you; else try another network.',
        ),
        learned,
      };
    },
  },
  {
    id: 'turn',
    title: 'Relay (TURN)',
    limitMs: 15_000,
    late: failed(
      'The relay does not answer. If you can’t join either, try another network, or ask whoever runs this one to let the relay through.',
    ),
    async run(environment, known, signal) {
      if (!known.iceServers) return NO_SESSION;
      const servers = only(known.iceServers, /^turns?:/);
      if (servers.length === 0) return noServer(environment.sameComputer, 'relay (TURN)');
      return relayOutcome(await environment.gather('relay', servers, signal));
    },
  },
];

function relayOutcome({ found, relayProtocol, errors }: Gathering) {
  if (found) {
    const over = relayProtocol ? ` (over ${relayProtocol.toUpperCase()})` : '';
    return fine(`The relay works${over}, should a direct connection not be possible.`);
  }
  // 401 and 403 are TURN's answers to wrong, old or forbidden credentials (RFC 8656 section 18).
  if (errors.some(({ code }) => code === 401 || code === 403)) {
    return failed(
      'The relay refuses the node’s credentials. Ask the host to compare the TURN secret of node and relay, and their clocks.',
    );
  }
  // 486: the allocation quota is used up; 508: the relay has no capacity left.
  if (errors.some(({ code }) => code === 486 || code === 508)) {
    return failed('The relay is full. Try again in a minute, or ask the host to give it more.');
  }
  return failed(
    'The relay can’t be reached. If you can’t join either, try another network, or ask whoever runs this one to let the relay through.',
  );
}

function noServer(sameComputer: boolean, what: string) {
  return sameComputer
    ? skipped(`This node names no ${what} server. On one computer none is needed.`)
    : warning(
        `This node names no ${what} server. From some networks nobody will reach you: if joining fails, try another network, or ask the host to set one up.`,
      );
}

/** The servers' addresses of one kind, with their credentials. */
function only(servers: readonly IceServer[], scheme: RegExp): IceServer[] {
  return servers
    .map((server) => ({ ...server, urls: server.urls.filter((url) => scheme.test(url)) }))
    .filter(({ urls }) => urls.length > 0);
}

/** `undefined` for somebody who has not said who they are. */
async function serversOrNone(
  ask: () => Promise<readonly IceServer[]>,
): Promise<readonly IceServer[] | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'auth-required') {
      return undefined;
    }
    throw error;
  }
}
