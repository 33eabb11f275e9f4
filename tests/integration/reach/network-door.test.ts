import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { CERTIFICATE_SECRET } from '../../../main/reach/certificate-source.ts';
import { memberOf } from '../rendezvous/node.ts';
import {
  getTrusting,
  NETWORK_ADDRESS,
  onNetwork,
  openTrusting,
  type ReachableNode,
  startReachableNode,
} from './reachable-node.ts';

const running: ReachableNode[] = [];

async function start(...options: Parameters<typeof startReachableNode>): Promise<ReachableNode> {
  const started = await startReachableNode(...options);
  running.push(started);
  return started;
}

/** The node's own certificate, as its keeper would hand it to somebody to trust. */
async function ownCert({ secrets }: ReachableNode): Promise<string> {
  const kept = await secrets.get(CERTIFICATE_SECRET);
  return JSON.parse(new TextDecoder().decode(kept)).cert;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((started) => started.stop()));
});

it('nobody on the network reaches the node until the host says so', async () => {
  const { node, reach } = await start();
  const { port } = new URL(node.url);
  await expect(fetch(`http://${NETWORK_ADDRESS}:${port}/healthz`)).rejects.toThrow();
  expect(reach.status()).toMatchObject({
    reach: 'this-computer',
    addresses: [],
    linkOrigin: node.url,
    linkReachesOthers: false,
  });
});

it('when the host lets them in, guests reach the same node over TLS with its own certificate', async () => {
  const started = await start();
  const { origin } = new URL((await started.reach.set('network')).linkOrigin);
  expect(origin).toMatch(`https://${NETWORK_ADDRESS}:`);
  const answer = await getTrusting(await ownCert(started), `${origin}/api/node`);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body).name).toBe('Test node');
  expect(answer.certificate?.fingerprint256).toBe(started.reach.status().certificate?.fingerprint);
});

it('somebody who does not trust the certificate is not connected', async () => {
  const { reach } = await start({ initial: 'network' });
  await expect(getTrusting('', `${reach.linkOrigin()}/healthz`)).rejects.toThrow(/self.signed/);
});

it('plain http beyond this computer gets no answer', async () => {
  const { reach, node } = await start({ initial: 'network' });
  const plain = reach.linkOrigin().replace('https:', 'http:');
  await expect(fetch(`${plain}/healthz`)).rejects.toThrow();
  const loopbackPort = new URL(node.url).port;
  await expect(fetch(`http://${NETWORK_ADDRESS}:${loopbackPort}/healthz`)).rejects.toThrow();
});

it('a page of the node’s own address may open a socket and call, a foreign one may not', async () => {
  const started = await start({ initial: 'network' });
  const [ca, origin] = [await ownCert(started), started.reach.linkOrigin()];
  const socketUrl = `${origin.replace('https', 'wss')}/ws`;
  const socket = await openTrusting(ca, socketUrl, origin);
  socket.close();
  await once(socket, 'close');
  await expect(openTrusting(ca, socketUrl, 'https://evil.example')).rejects.toThrow(/403/);
  const otherPort = `https://${NETWORK_ADDRESS}:1`;
  await expect(openTrusting(ca, socketUrl, otherPort)).rejects.toThrow(/403/);

  const challenge = (from: string) =>
    getTrusting(ca, `${origin}/api/session/challenge`, {
      method: 'POST',
      headers: { origin: from },
    });
  expect((await challenge(origin)).status).toBe(400);
  expect((await challenge('https://evil.example')).status).toBe(403);
});

it('pages there may connect to their own socket and nowhere else', async () => {
  const started = await start({ initial: 'network' });
  const origin = started.reach.linkOrigin();
  const { headers } = await getTrusting(await ownCert(started), `${origin}/healthz`);
  const policy = String(headers['content-security-policy']);
  const connect = policy.split(';').find((directive) => directive.startsWith('connect-src'));
  expect(connect?.split(' ')).toContain(origin.replace('https', 'wss'));
  expect(connect).not.toContain('*');
});

it('an IPv6 address, which no content security policy can name, is left to its own page', async () => {
  const { node } = await start({ publicOrigin: 'https://[2001:db8::7]:8443' });
  const { headers } = await node.request('GET', '/healthz');
  expect(headers.get('content-security-policy')).not.toContain('[');
  const { status } = await node.request(
    'POST',
    '/api/session/challenge',
    { publicKey: 'short' },
    { origin: 'https://[2001:db8::7]:8443' },
  );
  expect(status).toBe(400);
});

it('switching on and off leaves the people on this computer in their room', async () => {
  const started = await start();
  const { node, reach } = started;
  const sam = await memberOf(node, 'sam');
  const { room, peerId } = await sam.createRoom();
  const socket = await sam.socket();
  socket.send({ type: 'room:join', roomId: room.roomId });
  await socket.next('room:joined');

  const { linkOrigin } = await reach.set('network');
  const outside = await openTrusting(
    await ownCert(started),
    `${linkOrigin.replace('https', 'wss')}/ws`,
    linkOrigin,
  );
  const cut = once(outside, 'close');
  await reach.set('this-computer');
  await cut;

  socket.send({ type: 'heartbeat', roomId: room.roomId, peerId, ts: 1 });
  expect(await socket.next('heartbeat')).toMatchObject({ peerId });
  await expect(getTrusting(await ownCert(started), `${linkOrigin}/healthz`)).rejects.toThrow(
    /ECONNREFUSED/,
  );
  expect(started.remembered).toContainEqual({ reach: 'network' });
  expect(started.remembered.at(-1)).toEqual({ reach: 'this-computer' });
});

it('invitations lead to the network while others are let in, and to this computer before', async () => {
  const { node, reach } = await start();
  const sam = await memberOf(node, 'sam');
  const before = await sam.createRoom();
  expect(before.invites[0]?.link).toMatch(node.url);
  await reach.set('network');
  const after = await sam.createRoom();
  expect(after.invites[0]?.link).toMatch(`${reach.linkOrigin()}/join/`);
});

it('an address that answers is told from one that does not, and links use the one that does', async () => {
  const started = await start();
  // Nothing listens on the second one: the door is on the first alone.
  started.move(onNetwork('127.0.0.3', NETWORK_ADDRESS));
  await started.reach.set('network');
  const { addresses, linkOrigin } = await started.reach.check();
  expect(addresses.map(({ state }) => state)).toEqual(['blocked', 'answers']);
  expect(addresses[0]?.reason).toMatch(/refused/);
  expect(linkOrigin).toMatch(NETWORK_ADDRESS);
});

it('a machine that changes networks gets a certificate for its new address, without a restart', async () => {
  const started = await start({ initial: 'network' });
  const before = (await started.reach.check()).certificate?.fingerprint;
  started.move(onNetwork('127.0.0.3', NETWORK_ADDRESS));
  const after = (await started.reach.check()).certificate?.fingerprint;
  expect(after).not.toBe(before);
  const origin = started.reach.linkOrigin();
  const { certificate } = await getTrusting(await ownCert(started), `${origin}/healthz`);
  expect(certificate?.checkIP('127.0.0.3')).toBeDefined();
  expect(certificate?.fingerprint256).toBe(after);
});

it('a certificate in its last month is made anew while the node runs', async () => {
  const started = await start({ initial: 'network' });
  const before = (await started.reach.check()).certificate?.fingerprint;
  started.clock.advance(300 * 24 * 60 * 60 * 1000);
  expect((await started.reach.check()).certificate?.fingerprint).toBe(before);
  started.clock.advance(90 * 24 * 60 * 60 * 1000);
  expect((await started.reach.check()).certificate?.fingerprint).not.toBe(before);
});

it('a port that is taken is replaced by another, or refused where it was asked for', async () => {
  const taken = createServer().listen(0, NETWORK_ADDRESS);
  await once(taken, 'listening');
  const { port: number } = taken.address() as AddressInfo;
  try {
    const lenient = await start({
      initial: 'network',
      port: { number, fallBack: true, flag: '--network-port' },
    });
    expect(lenient.reach.status().reach).toBe('network');

    const told = await start({
      initial: 'network',
      port: { number, fallBack: false, flag: '--network-port' },
    });
    expect(told.reach.status()).toMatchObject({
      reach: 'this-computer',
      problem: expect.stringMatching(/taken by another program.*--network-port/),
    });
    const insisting = {
      initial: 'network',
      insist: true,
      port: { number, fallBack: false, flag: '--network-port' },
    } as const;
    await expect(startReachableNode(insisting)).rejects.toMatchObject({ code: 'port-in-use' });
  } finally {
    taken.close();
  }
});

it('another program that answers at an address is not taken for this node', async () => {
  const other = createServer((_request, reply) => reply.end('{"status":"ok","proof":"guess"}'));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    // It speaks no TLS, as a router's page would.
    const { reach } = await start({ publicOrigin: `https://127.0.0.1:${port}` });
    const [given] = (await reach.check()).addresses;
    expect(given).toMatchObject({ kind: 'given', state: 'blocked' });
  } finally {
    other.close();
  }
});

it('the address that was given goes before all others, in links and at the guard', async () => {
  const { node, reach } = await start({
    initial: 'network',
    publicOrigin: 'https://studio.example',
  });
  expect(reach.linkOrigin()).toBe('https://studio.example');
  const from = (origin: string) =>
    node.request('POST', '/api/session/challenge', { publicKey: 'short' }, { origin });
  expect((await from('https://studio.example')).status).toBe(400);
  expect((await from('https://studio.example.evil')).status).toBe(403);
});
