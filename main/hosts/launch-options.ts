import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  NETWORK_USAGE,
  type NetworkFlags,
  networkFlags,
  portOf,
  readNetworkFlags,
} from '../reach/network-flags.ts';
import { RELAY_USAGE, type RelayFlags, readRelayFlags, relayFlags } from '../relay/relay-flags.ts';
import { readTurnFlags, TURN_USAGE, type TurnFlags, turnFlags } from '../turn/turn-flags.ts';
import { badArguments } from './launch-problem.ts';

/** How a studio was asked to start. */
export interface LaunchOptions extends NetworkFlags, TurnFlags, RelayFlags {
  /** Absolute; `undefined` for the platform's usual place. */
  dataDir: string | undefined;
  /** Of the rendezvous; 0 for any free one. */
  port: number;
  /** Show the studio's window. */
  open: boolean;
  /** Print one line of JSON for a script instead of sentences for a person. */
  json: boolean;
  help: boolean;
  /** What is no option: in Electron a link that opened the app. */
  rest: string[];
}

export const USAGE = `Swarm Studio

  --data DIR   keep the studio's data in DIR
  --port N     serve guests on port N of 127.0.0.1 (0, the default: any free one)
${NETWORK_USAGE}${TURN_USAGE}${RELAY_USAGE}  --no-open    open no window
  --json       print one line of JSON when ready
  --help       print this
`;

const flags = {
  data: { type: 'string' },
  port: { type: 'string' },
  'no-open': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  ...networkFlags,
  ...turnFlags,
  ...relayFlags,
} as const;

/**
 * Reads the command line without the program's own name. With `lenient`, what it does not know
 * is let through: Electron's command line carries Chromium's switches too.
 * Throws `bad-arguments`.
 */
export function parseLaunchOptions(args: string[], mode: 'strict' | 'lenient'): LaunchOptions {
  const { values, positionals } = parsed(args, mode);
  return {
    dataDir: folderOf(values.data),
    port: portOf('--port', values.port) ?? 0,
    open: !values['no-open'],
    json: Boolean(values.json),
    help: Boolean(values.help),
    rest: positionals,
    ...readNetworkFlags(values),
    ...readTurnFlags(values),
    ...readRelayFlags(values),
  };
}

function parsed(args: string[], mode: 'strict' | 'lenient') {
  try {
    return parseArgs({
      args,
      options: flags,
      strict: mode === 'strict',
      allowPositionals: mode === 'lenient',
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw badArguments(`${error.message}.`);
  }
}

function folderOf(text: string | boolean | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && text) return resolve(text);
  throw badArguments('--data must name a folder.');
}
