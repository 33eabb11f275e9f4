import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError } from './setup-error.mjs';

export const START_HELP = `Usage: npm start -- [flags]

  --host electron|browser  which host to run (default: Electron where it can be had)
  --data DIR               the data folder (default: this system's usual place)
  --port N                 port of the rendezvous, 0 to 65535 (default: 0, any free one)
  --turn-url URL           a STUN or TURN server for guests; may be repeated
  --turn-secret-file FILE  the secret shared with the TURN servers
  --listen network|this-computer
                           whether other devices reach it, for this start
  --network-port N         port for other devices (default: as before, or any free one)
  --public-origin URL      where others reach it, e.g. https://studio.example
  --tls-cert FILE --tls-key FILE
                           the certificate for other devices (default: one it makes itself)
  --no-open                open no window, only serve
  --json                   when ready, print one line of JSON on stdout; all else goes to stderr
  --help                   show this`;

const KNOWN =
  '--host, --data, --port, --turn-url, --turn-secret-file, --listen, --network-port, --public-origin, --tls-cert, --tls-key, --no-open, --json, --help';

/**
 * @typedef {object} StartFlags
 * @property {'electron' | 'browser' | undefined} host
 * @property {string | undefined} data absolute
 * @property {number} port 0: any free one
 * @property {string[] | undefined} turnUrls
 * @property {string | undefined} turnSecretFile absolute
 * @property {string[] | undefined} network flags that the studio reads by itself
 * @property {boolean} open
 * @property {boolean} json
 * @property {boolean} help
 */

/**
 * @param {string[]} args what follows `npm start --`
 * @param {string} [cwd] what a relative `--data` is relative to
 * @returns {StartFlags}
 * @throws {SetupError} `bad-arguments`, exit code 2
 */
export function parseStartFlags(args, cwd = process.cwd()) {
  const { tokens } = parseArgs({
    args,
    strict: false,
    tokens: true,
    options: {
      host: { type: 'string' },
      data: { type: 'string' },
      port: { type: 'string' },
      'turn-url': { type: 'string', multiple: true },
      'turn-secret-file': { type: 'string' },
      listen: { type: 'string' },
      'network-port': { type: 'string' },
      'public-origin': { type: 'string' },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      'no-open': { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  /** @type {StartFlags} */
  const flags = {
    host: undefined,
    data: undefined,
    port: 0,
    turnUrls: undefined,
    turnSecretFile: undefined,
    network: undefined,
    open: true,
    json: false,
    help: false,
  };
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      throw usage(`"${token.value}" is not a flag. The flags are ${KNOWN}.`);
    }
    apply(flags, token, cwd);
  }
  return flags;
}

/**
 * @param {StartFlags} flags
 * @param {{ name: string, rawName: string, value?: string | undefined, inlineValue?: boolean | undefined }} token
 * @param {string} cwd
 */
function apply(flags, token, cwd) {
  switch (token.name) {
    case 'host':
      flags.host = hostValue(textOf(token));
      break;
    case 'data':
      flags.data = resolve(cwd, textOf(token));
      break;
    case 'port':
      flags.port = portValue(textOf(token));
      break;
    case 'turn-url':
      flags.turnUrls = [...(flags.turnUrls ?? []), textOf(token)];
      break;
    case 'turn-secret-file':
      flags.turnSecretFile = resolve(cwd, textOf(token));
      break;
    case 'listen':
    case 'network-port':
    case 'public-origin':
      flags.network = [...(flags.network ?? []), token.rawName, textOf(token)];
      break;
    case 'tls-cert':
    case 'tls-key':
      flags.network = [...(flags.network ?? []), token.rawName, resolve(cwd, textOf(token))];
      break;
    case 'no-open':
      flags.open = !onOf(token);
      break;
    case 'json':
      flags.json = onOf(token);
      break;
    case 'help':
      flags.help = onOf(token);
      break;
    default:
      throw usage(`There is no flag ${token.rawName}. The flags are ${KNOWN}.`);
  }
}

/** @param {{ rawName: string, value?: string | undefined, inlineValue?: boolean | undefined }} token */
function textOf({ rawName, value, inlineValue }) {
  if (value === undefined || value === '' || (value.startsWith('-') && !inlineValue)) {
    throw usage(`${rawName} needs a value, e.g. ${rawName} ${example(rawName)}.`);
  }
  return value;
}

/** @param {{ rawName: string, value?: string | undefined }} token */
function onOf({ rawName, value }) {
  if (value !== undefined) throw usage(`${rawName} takes no value.`);
  return true;
}

/** @param {string} rawName */
function example(rawName) {
  if (rawName === '--host') return 'browser';
  if (rawName === '--turn-url') return 'turn:turn.example.org:3478?transport=udp';
  if (rawName === '--turn-secret-file') return './turn-secret';
  if (rawName === '--listen') return 'network';
  if (rawName === '--public-origin') return 'https://studio.example';
  if (rawName.startsWith('--tls-')) return `./${rawName.slice(6)}.pem`;
  return rawName.endsWith('port') ? '8080' : './studio-data';
}

/** @param {string} value */
function hostValue(value) {
  if (value === 'electron' || value === 'browser') return value;
  throw usage(`--host is electron or browser, not "${value}".`);
}

/** @param {string} value */
function portValue(value) {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  throw usage(`--port is a number from 0 to 65535, not "${value}". 0 takes any free port.`);
}

/** @param {string} message */
function usage(message) {
  return new SetupError('bad-arguments', message, { exitCode: 2 });
}
