import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { chromiumPath } from './browsers.ts';

/** Networks of their own on this machine, each joined to a relay's and to nothing else. */
export interface SeparateNetworks {
  /** The namespace of the relay, which has an address in each network. */
  relay: { namespace: string; addresses: string[] };
  /** One for each network. */
  networks: { namespace: string; address: string; relayAddress: string }[];
  remove(): Promise<void>;
}

/** Why networks can't be made here, as a person would want to know; `undefined` where they can. */
export const namespacesProblem: string | undefined = findProblem();

function findProblem(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s alone';
  if (process.getuid?.() !== 0) return 'only root can make network namespaces';
  const name = `swarm-try-${randomBytes(3).toString('hex')}`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.error) return 'the program ip is not installed (package iproute2)';
  if (made.status !== 0) return `this machine does not allow it: ${made.stderr.trim()}`;
  const linked = spawnSync('ip', ['-n', name, 'link', 'add', 'type', 'veth'], { encoding: 'utf8' });
  spawnSync('ip', ['netns', 'del', name]);
  return linked.status === 0
    ? undefined
    : `this machine does not allow it: ${linked.stderr.trim()}`;
}

/**
 * Makes that many networks. There is no route between them: whoever is in one reaches the relay,
 * and nobody else.
 */
export function makeNetworks(count: number): SeparateNetworks {
  const tag = randomBytes(3).toString('hex');
  const relay = `swarm-${tag}-relay`;
  const made: string[] = [];
  const add = (namespace: string) => {
    ip('netns', 'add', namespace);
    made.push(namespace);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  };
  const remove = async () => {
    for (const namespace of made) ip('netns', 'del', namespace);
  };
  add(relay);
  const networks = Array.from({ length: count }, (_, at) => {
    const namespace = `swarm-${tag}-${at}`;
    // Addresses of the block for documentation (RFC 5737): nobody's real network.
    const [relayAddress, address] = [`203.0.113.${16 * at + 1}`, `203.0.113.${16 * at + 2}`];
    add(namespace);
    ip(
      '-n',
      relay,
      'link',
      'add',
      `to-${at}`,
      'type',
      'veth',
      'peer',
      'uplink',
      'netns',
      namespace,
    );
    ip('-n', relay, 'address', 'add', `${relayAddress}/28`, 'dev', `to-${at}`);
    ip('-n', relay, 'link', 'set', `to-${at}`, 'up');
    ip('-n', namespace, 'address', 'add', `${address}/28`, 'dev', 'uplink');
    ip('-n', namespace, 'link', 'set', 'uplink', 'up');
    return { namespace, address, relayAddress };
  });
  const addresses = networks.map(({ relayAddress }) => relayAddress);
  return { relay: { namespace: relay, addresses }, networks, remove };
}

/** Whether the network has a way to the address at all. */
export function hasRoute(namespace: string, address: string): boolean {
  return spawnSync('ip', ['-n', namespace, 'route', 'get', address]).status === 0;
}

/** A Chromium in that network, with a fake camera. */
export async function launchBrowserIn(namespace: string): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'swarm-netns-'));
  const wrapper = join(folder, 'chromium');
  await writeFile(wrapper, `#!/bin/sh\nexec ip netns exec ${namespace} ${chromiumPath} "$@"\n`);
  await chmod(wrapper, 0o755);
  const browser = await chromium.launch({
    executablePath: wrapper,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
    ],
  });
  await rm(folder, { recursive: true });
  return browser;
}

function ip(...args: string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr}`);
}
