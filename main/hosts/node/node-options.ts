import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Reach } from '../../../protocol/reach.ts';
import {
  CLUSTER_USAGE,
  type ClusterFlags,
  clusterFlags,
  readClusterFlags,
} from '../../cluster/cluster-flags.ts';
import {
  type NetworkFlags,
  networkFlags,
  portOf,
  readNetworkFlags,
} from '../../reach/network-flags.ts';
import {
  RELAY_NODES_USAGE,
  RELAY_USAGE,
  type RelayFlags,
  readRelayFlags,
  relayFlags,
  relayNodesFlags,
} from '../../relay/relay-flags.ts';
import { readTurnFlags, TURN_USAGE, type TurnFlags, turnFlags } from '../../turn/turn-flags.ts';
import { badArguments } from '../launch-problem.ts';

/** How a community's node was asked to run. */
export interface NodeOptions
  extends Pick<NetworkFlags, 'publicOrigin' | 'tls'>,
    TurnFlags,
    RelayFlags,
    ClusterFlags {
  command: 'run';
  /** Absolute; `undefined` for the usual place. */
  dataDir: string | undefined;
  /** The port people reach it on; 0 for any free one. */
  port: number;
  listen: Reach;
  /** What people see it called. */
  name: string;
  /** Everybody may create rooms. */
  open: boolean;
  /** How much it keeps of copies of recordings, in bytes; 0 keeps none. */
  replicaBytes: number;
  json: boolean;
}

/** An invitation to enrol is asked for. */
export interface InviteOptions {
  command: 'invite';
  dataDir: string | undefined;
  /** How many people it enrols, 1 to 1000. */
  uses: number;
  /** How long it can be used, 1 to 365. */
  days: number;
  json: boolean;
}

/** What is kept of others' recordings is asked for, or one of them is to go. */
export interface CopiesOptions {
  command: 'copies';
  dataDir: string | undefined;
  /** A recording whose copy is to be deleted. */
  drop: string | undefined;
  json: boolean;
}

export const NODE_USAGE = `Swarm Studio: a community's node

Usage: npm run node -- [flags]
       npm run node -- invite [--uses N] [--days N] [--data DIR] [--json]
       npm run node -- copies [--drop RECORDING] [--data DIR] [--json]

  --data DIR   keep the node's data in DIR
  --port N     the port people reach it on (0, the default: any free one)
  --listen network|this-computer
               network: https for other devices; this-computer (the default): http on 127.0.0.1
  --public-origin URL
               where others reach it, e.g. https://rooms.example behind a proxy
  --tls-cert FILE --tls-key FILE
               its certificate, PEM (default: one it makes itself)
${TURN_USAGE}${RELAY_USAGE}${RELAY_NODES_USAGE}${CLUSTER_USAGE}  --name NAME  what people see it called
  --open       every member may create rooms, enrolled or not
  --replicas SIZE
               keep copies of enrolled members' recordings, SIZE at most, e.g. 20GB
  --json       print one line of JSON when ready
  --help       print this

  invite       make an invitation to enrol, for a node on the same data folder
  --uses N     how many people it enrols (default: 1)
  --days N     how many days it can be used (default: 7)

  copies       list the copies of recordings that a node keeps, and for whom
  --drop RECORDING
               delete one, whatever its host wants
`;

const UNIT_BYTES: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };

/** Reads the command line. Throws `bad-arguments`. */
export function parseNodeOptions(
  args: string[],
): NodeOptions | InviteOptions | CopiesOptions | { command: 'help' } {
  const { values, positionals } = parsed(args);
  if (values.help) return { command: 'help' };
  const dataDir = values.data === undefined ? undefined : resolve(values.data);
  const json = values.json === true;
  if (positionals.length === 0) {
    const { listen = 'this-computer', publicOrigin, tls } = readNetworkFlags(values);
    const port = portOf('--port', values.port) ?? 0;
    const name = nameOf(values.name);
    const open = values.open === true;
    return {
      ...{ command: 'run', dataDir, port, listen, publicOrigin, tls, name, open, json },
      ...readRelayFlags(values),
      ...readClusterFlags(values, process.env),
      replicaBytes: sizeOf('--replicas', values.replicas),
      ...readTurnFlags(values),
    };
  }
  if (positionals.join() === 'copies') {
    return { command: 'copies', dataDir, drop: values.drop, json };
  }
  if (positionals.join() !== 'invite') {
    throw badArguments(`"${positionals.join(' ')}" is not a command; there are invite and copies.`);
  }
  const uses = countOf('--uses', values.uses, 1, 1000);
  const days = countOf('--days', values.days, 7, 365);
  return { command: 'invite', dataDir, uses, days, json };
}

function parsed(args: string[]) {
  const { 'network-port': _one, ...network } = networkFlags;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...network,
        ...turnFlags,
        data: { type: 'string' },
        port: { type: 'string' },
        name: { type: 'string' },
        open: { type: 'boolean' },
        ...relayFlags,
        ...relayNodesFlags,
        ...clusterFlags,
        replicas: { type: 'string' },
        uses: { type: 'string' },
        days: { type: 'string' },
        drop: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw badArguments(`${error.message}.`);
  }
}

function nameOf(text: string | undefined): string {
  const name = (text ?? hostname()).trim();
  if (name.length >= 1 && name.length <= 64) return name;
  throw badArguments('--name must have 1 to 64 characters.');
}

/** In bytes; a unit is one of 1000, as disks have them. */
function sizeOf(flag: string, text: string | undefined): number {
  if (text === undefined) return 0;
  const [, digits, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?) ?(MB|GB|TB)$/i.exec(text.trim()) ?? [];
  const bytes = Number(digits) * (UNIT_BYTES[unit.toUpperCase()] ?? Number.NaN);
  if (bytes > 0) return Math.round(bytes);
  throw badArguments(`${flag} must be a size like 500MB or 20GB, not "${text}".`);
}

function countOf(flag: string, text: string | undefined, usual: number, most: number): number {
  if (text === undefined) return usual;
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  throw badArguments(`${flag} must be a number from 1 to ${most}, not "${text}".`);
}
