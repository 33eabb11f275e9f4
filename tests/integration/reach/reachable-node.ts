import { once } from 'node:events';
import { type RequestOptions, request } from 'node:https';
import type { NetworkInterfaceInfo } from 'node:os';
import type { TLSSocket } from 'node:tls';
import pino from 'pino';
import { WebSocket } from 'ws';
import { type CertificateSource, ownCertificate } from '../../../main/reach/certificate-source.ts';
import type { Interfaces } from '../../../main/reach/own-addresses.ts';
import { Reach, type ReachOptions } from '../../../main/reach/reach.ts';
import { MemorySecrets, startNode, TestClock, type TestNode } from '../rendezvous/node.ts';

/** Stands for the machine's address in its network: not the one that http listens on. */
export const NETWORK_ADDRESS = '127.0.0.2';

export function onNetwork(...addresses: string[]): Interfaces {
  const infos = addresses.map((address): NetworkInterfaceInfo => {
    const rest = { netmask: '', mac: '', internal: false, cidr: null };
    return { ...rest, address, family: 'IPv4' };
  });
  return { eth0: infos };
}

export interface ReachableNode {
  node: TestNode;
  reach: Reach;
  secrets: MemorySecrets;
  clock: TestClock;
  remembered: { reach?: string; port?: number }[];
  /** What the machine says of its interfaces from now on. */
  move(interfaces: Interfaces): void;
  stop(): Promise<void>;
}

/** A node on 127.0.0.1 whose door for other devices is on {@link NETWORK_ADDRESS}. */
export async function startReachableNode(
  options: Partial<ReachOptions> & { certificate?: CertificateSource } = {},
): Promise<ReachableNode> {
  const secrets = new MemorySecrets();
  const clock = new TestClock();
  const remembered: { reach?: string; port?: number }[] = [];
  let interfaces = onNetwork(NETWORK_ADDRESS);
  const reach = new Reach({
    certificate: ownCertificate({ secrets, clock: clock.now }),
    clock: clock.now,
    logger: pino({ level: 'silent' }),
    initial: 'this-computer',
    insist: false,
    port: { number: 0, fallBack: true, flag: '--network-port' },
    remember: (chosen) => void remembered.push(chosen),
    machine: () => ({ interfaces, hostname: 'localhost' }),
    listenOn: NETWORK_ADDRESS,
    ...options,
  });
  const node = await startNode({ network: reach });
  async function stop(): Promise<void> {
    await node.close();
    await reach.close();
  }
  try {
    await reach.start(node.app, node.url);
  } catch (error) {
    await stop();
    throw error;
  }
  const move = (moved: Interfaces) => {
    interfaces = moved;
  };
  return { node, reach, secrets, clock, remembered, move, stop };
}

/** A GET over TLS that trusts this certificate and no other. */
export async function getTrusting(ca: string, url: string, options: RequestOptions = {}) {
  const sent = request(url, { ca, agent: false, ...options }).end();
  const [response] = await once(sent, 'response');
  const certificate = (response.socket as TLSSocket).getPeerX509Certificate();
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk;
  return { status: response.statusCode as number, headers: response.headers, body, certificate };
}

/** A socket over TLS, as a page of `origin` opens it; rejects when it is refused. */
export async function openTrusting(ca: string, url: string, origin: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { ca, origin });
  await once(socket, 'open');
  return socket;
}
