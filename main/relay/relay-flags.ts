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

/** Those of a node that may have others beside it. */
export const relayNodesFlags = {
  'relay-nodes-address': { type: 'string' },
  'relay-nodes-ports': { type: 'string' },
} as const;

export const RELAY_USAGE = `  --relay      relay rooms whose hosts ask for it; needs the mediasoup package's worker
  --relay-port N
               its first port, UDP and TCP; each core takes one (default: any free ones)
  --relay-address ADDRESS
               the address people reach it by (default: 127.0.0.1, this computer alone)
`;

export const RELAY_NODES_USAGE = `  --relay-nodes-address ADDRESS
               what other nodes on the same Redis send relayed media to (default: --relay-address)
  --relay-nodes-ports MIN-MAX
               its UDP ports for that; one for each two relays that share a room (default: any free)
`;

interface Values {
  relay?: string | boolean | undefined;
  'relay-port'?: string | boolean | undefined;
  'relay-address'?: string | boolean | undefined;
  'relay-nodes-address'?: string | boolean | undefined;
  'relay-nodes-ports'?: string | boolean | undefined;
}

/** Beyond this computer the relay listens everywhere, and says its address. Throws `bad-arguments`. */
export function readRelayFlags(values: Values): RelayFlags {
  const port = portOf('--relay-port', values['relay-port']);
  const address = addressOf('--relay-address', values['relay-address']);
  const nodesAddress = addressOf('--relay-nodes-address', values['relay-nodes-address']);
  const nodesPorts = portsOf('--relay-nodes-ports', values['relay-nodes-ports']);
  if (!values.relay) {
    if ([port, address, nodesAddress, nodesPorts].every((value) => value === undefined)) {
      return { relay: undefined };
    }
    throw badArguments('--relay-port, --relay-address and --relay-nodes-… go with --relay.');
  }
  return {
    relay: {
      ...(address === undefined
        ? { ip: '127.0.0.1' }
        : { ip: '0.0.0.0', announcedAddress: address }),
      ...{ port, nodesAddress, nodesPorts },
    },
  };
}

function addressOf(flag: string, text: string | boolean | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^[A-Za-z0-9.:-]{1,253}$/.test(text)) return text;
  throw badArguments(`${flag} must be an IP address or a host’s name.`);
}

function portsOf(
  flag: string,
  text: string | boolean | undefined,
): { min: number; max: number } | undefined {
  if (text === undefined) return undefined;
  const [, from = '', to = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(String(text)) ?? [];
  const [min, max] = [Number(from), Number(to)];
  if (from !== '' && min > 0 && min <= max && max <= 65_535) return { min, max };
  throw badArguments(`${flag} must be two ports, the lower one first, such as 41000-41999.`);
}
