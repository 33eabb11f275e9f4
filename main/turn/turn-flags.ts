import { resolve } from 'node:path';
import { badArguments } from '../hosts/launch-problem.ts';
import { IceUrl } from './ice-url.ts';

/** What the command line says of STUN and TURN; it goes before the settings, for this start. */
export interface TurnFlags {
  /** As `IceUrl` has them; `undefined` for those of the settings. */
  turnUrls: readonly string[] | undefined;
  /** Absolute; `undefined` for that of the settings. */
  turnSecretFile: string | undefined;
}

/** The flags for `parseArgs`. */
export const turnFlags = {
  'turn-url': { type: 'string', multiple: true },
  'turn-secret-file': { type: 'string' },
} as const;

export const TURN_USAGE = `  --turn-url URL
               a STUN or TURN server for guests behind strict networks; may be repeated
               (e.g. turn:turn.example.org:3478?transport=udp)
  --turn-secret-file FILE
               the secret shared with the TURN servers (coturn's static-auth-secret)
`;

interface Values {
  'turn-url'?: (string | boolean)[] | undefined;
  'turn-secret-file'?: string | boolean | undefined;
}

/** Throws `bad-arguments`. */
export function readTurnFlags(values: Values): TurnFlags {
  return {
    turnUrls: values['turn-url']?.map(urlOf),
    turnSecretFile: fileOf(values['turn-secret-file']),
  };
}

function urlOf(text: string | boolean): string {
  const url = IceUrl.safeParse(text);
  if (url.success) return url.data;
  throw badArguments(`--turn-url ${url.error.issues[0]?.message}; "${text}" is none.`);
}

function fileOf(text: string | boolean | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && text) return resolve(text);
  throw badArguments('--turn-secret-file must name a file.');
}
