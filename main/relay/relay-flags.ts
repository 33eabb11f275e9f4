import { badArguments } from '../hosts/launch-problem.ts';
import { portOf } from '../reach/network-flags.ts';
import type { RelayListening } from './relay-workers.ts';

/** What the command line says of relaying rooms. */
export interface RelayFlags {
  /** Where the node relays; `undefined` where it does not. */
  relay: RelayListening | undefined;
}

/** The flags for `parseArgs`. */
export const relayFlags = {
  relay: { type: 'boolean' },
  'relay-port': { type: 'string' },
  'relay-address': { type: 'string' },
} as const;

export const RELAY_USAGE = `  --relay      relay rooms whose hosts ask for it; needs the mediasoup package's worker
  --relay-port N
               its first port, UDP and TCP; each core takes one (default: any free ones)
  --relay-address ADDRESS
               the address people reach it by (default: 127.0.0.1, this computer alone)
`;

interface Values {
  relay?: string | boolean | undefined;
  'relay-port'?: string | boolean | undefined;
  'relay-address'?: string | boolean | undefined;
}

/** Beyond this computer the relay listens everywhere, and says its address. Throws `bad-arguments`. */
export function readRelayFlags(values: Values): RelayFlags {
  const port = portOf('--relay-port', values['relay-port']);
  const address = values['relay-address'];
  if (!values.relay) {
    if (port === undefined && address === undefined) return { relay: undefined };
    throw badArguments('--relay-port and --relay-address go with --relay.');
  }
  if (address === undefined) return { relay: { ip: '127.0.0.1', port } };
  if (typeof address !== 'string' || !/^[A-Za-z0-9.:-]{1,253}$/.test(address)) {
    throw badArguments('--relay-address must be an IP address or a host’s name.');
  }
  return { relay: { ip: '0.0.0.0', announcedAddress: address, port } };
}
