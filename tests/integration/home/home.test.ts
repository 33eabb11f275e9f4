import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openNodeGateway } from '../../../main/home/node-gateway.ts';
import { CLOSE } from '../../../protocol/close-codes.ts';
import { enrolmentLink } from '../../../protocol/node-link.ts';
import { startReachableNode } from '../reach/reachable-node.ts';
import { type RunningNode, startCommunityNode, studioHome, WINDOW } from './home-fixture.ts';

let node: RunningNode;
const cleanUps: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  node = await startCommunityNode();
  cleanUps.push(node.stop);
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function newStudio(handle?: string, kept?: Record<string, unknown>) {
  const studio = await studioHome(handle, kept);
  cleanUps.push(() => studio.home.close());
  return studio;
}

const invitation = (lifetimeMs?: number) =>
  enrolmentLink({ origin: node.origin, token: node.invite(lifetimeMs) });

/** What the socket by this way is closed with. */
async function closeOf(baseUrl: string): Promise<number> {
  const socket = new WebSocket(`${baseUrl.replace('http', 'ws')}/ws`, { origin: WINDOW });
  const [code] = await once(socket, 'close');
  return code;
}

function refusal(code: string, words?: RegExp) {
  return expect.objectContaining({ code, ...(words && { message: expect.stringMatching(words) }) });
}

/** A page of the window asks by the way that the studio opened. */
const askFrom = (baseUrl: string, path: string, origin?: string) =>
  fetch(`${baseUrl}${path}`, { headers: origin === undefined ? {} : { origin } });

describe('another node as home', () => {
  it('is looked at, enrolled on by its invitation, and stays over a restart until it is left', async () => {
    const { home, kept } = await newStudio();
    expect((await home.place()).kind).toBe('own');
    const link = invitation();
    expect(await home.look(link)).toMatchObject({
      origin: node.origin,
      name: 'Choir',
      invited: true,
    });
    expect(kept.home).toBeUndefined();

    const place = await home.use(link);
    expect(place).toMatchObject({ kind: 'home', name: 'Choir', origin: node.origin });
    const restarted = await newStudio('sam', kept);
    const again = await restarted.home.place();
    expect(again).toMatchObject({ kind: 'home', origin: node.origin });
    expect(restarted.home.nodeUrls()).toContain(again.baseUrl);

    expect((await restarted.home.leave()).kind).toBe('own');
    expect((await (await newStudio('sam', kept)).home.place()).kind).toBe('own');
  });

  it('needs no second invitation for somebody who is enrolled already', async () => {
    const { home } = await newStudio();
    await home.use(invitation());
    await home.leave();
    expect((await home.use(node.origin)).kind).toBe('home');
  });

  it('is not taken without an invitation that works', async () => {
    const { home, kept } = await newStudio();
    await expect(home.use(node.origin)).rejects.toThrow(refusal('forbidden', /invitation/));
    const forged = enrolmentLink({ origin: node.origin, token: 'A'.repeat(43) });
    await expect(home.use(forged)).rejects.toThrow(refusal('invite-invalid'));
    await expect(home.use(invitation(-1))).rejects.toThrow(refusal('invite-expired'));
    const link = invitation();
    await (await newStudio('eve')).home.use(link);
    await expect(home.use(link)).rejects.toThrow(refusal('invite-used'));
    expect(kept.home).toBeUndefined();
  });

  it('is not taken where somebody else has this handle', async () => {
    await (await newStudio('sam')).home.use(invitation());
    const { home } = await newStudio('sam');
    await expect(home.use(invitation())).rejects.toThrow(refusal('handle-taken'));
  });

  it('is neither this studio itself nor anything that is no node', async () => {
    const { home } = await newStudio();
    const other = createServer((_request, response) => response.end('<h1>It works!</h1>'));
    other.listen(0, '127.0.0.1');
    cleanUps.push(() => new Promise((resolve) => other.close(resolve)));
    const { port } = await new Promise<AddressInfo>((resolve) => {
      other.once('listening', () => resolve(other.address() as AddressInfo));
    });
    const { origin } = await home.place();
    await expect(home.use(origin)).rejects.toThrow(refusal('validation-failed', /studio itself/));
    await expect(home.look(`http://127.0.0.1:${port}`)).rejects.toThrow(refusal('not-a-node'));
    await expect(home.look('http://rooms.example/enrol')).rejects.toThrow(
      refusal('validation-failed', /https/),
    );
  });

  it('that is down is said to be, by the check and to the window, and can be left', async () => {
    const { home } = await newStudio();
    const { baseUrl } = await home.use(invitation());
    await node.shutdown();
    cleanUps.splice(0, 1);
    await expect(home.look(node.origin)).rejects.toThrow(refusal('node-unreachable', /stopped/));
    const told = await askFrom(baseUrl, '/api/node', WINDOW);
    expect(told.status).toBe(502);
    expect(await told.json()).toMatchObject({ code: 'node-unreachable' });
    expect(told.headers.get('access-control-allow-origin')).toBe(WINDOW);
    expect((await home.leave()).kind).toBe('own');
  });
});

describe('the way to another node', () => {
  it('is there for the studio’s own window alone, and for no page of the node', async () => {
    const { home } = await newStudio();
    const { baseUrl } = await home.use(invitation());
    expect((await askFrom(baseUrl, '/api/node', WINDOW)).status).toBe(200);
    const foreign = await askFrom(baseUrl, '/api/node', 'https://elsewhere.example');
    expect(await foreign.json()).toMatchObject({ code: 'origin-refused' });
    const rebound = await askFrom(baseUrl.replace('127.0.0.1', 'localhost'), '/api/node');
    expect(await rebound.json()).toMatchObject({ code: 'origin-refused' });
    for (const path of ['/', '/join/room_abcdefghij', '/metrics', '/wsx', '/api/../metrics']) {
      expect((await askFrom(baseUrl, path, WINDOW)).status, path).toBe(404);
    }
  });

  it('carries neither this computer’s cookies there nor the node’s back', async () => {
    const seen: unknown[] = [];
    const jar = createServer(({ headers }, response) => {
      seen.push(headers.cookie, headers.origin);
      response.setHeader('set-cookie', 'node=1').end('{}');
    });
    jar.listen(0, '127.0.0.1');
    cleanUps.push(() => new Promise((resolve) => jar.close(resolve)));
    await new Promise((resolve) => jar.once('listening', resolve));
    const { port } = jar.address() as AddressInfo;
    const gateway = await openNodeGateway({
      origin: `http://127.0.0.1:${port}`,
      certificate: undefined,
      uiOrigins: [WINDOW],
    });
    cleanUps.push(gateway.close);
    const response = await fetch(`${gateway.url}/api/node`, {
      headers: { cookie: 'other-program=secret', origin: WINDOW },
    });
    expect(seen).toEqual([undefined, undefined]);
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});

describe('a node with a certificate of its own', () => {
  async function startOverTls() {
    const reachable = await startReachableNode({ initial: 'network' });
    cleanUps.push(reachable.stop);
    const { linkOrigin, certificate } = await reachable.reach.check();
    return { origin: linkOrigin, fingerprint: certificate?.fingerprint ?? '', reachable };
  }

  it('is taken by the fingerprint in its invitation, and is the only one to be', async () => {
    const { origin, fingerprint } = await startOverTls();
    const { home } = await newStudio();
    const link = `${origin}/enrol#cert=${fingerprint.replaceAll(':', '').toLowerCase()}`;
    expect((await home.look(link)).certificate).toEqual({ fingerprint, standing: 'invited' });
    const { baseUrl } = await home.use(link);
    expect((await askFrom(baseUrl, '/api/node')).status).toBe(200);
    const other = `${origin}/enrol#cert=${'AB'.repeat(32)}`;
    await expect(home.look(other)).rejects.toThrow(refusal('node-untrusted', /another cert/));
    await expect(home.use(other)).rejects.toThrow(refusal('node-untrusted'));
  });

  it('is for the person to compare where nobody named it', async () => {
    const { origin, fingerprint } = await startOverTls();
    const { home } = await newStudio();
    expect((await home.look(origin)).certificate).toEqual({ fingerprint, standing: 'unknown' });
    const refused = refusal('node-untrusted', new RegExp(fingerprint));
    await expect(home.use(origin)).rejects.toThrow(refused);
    await expect(home.visit(origin)).rejects.toThrow(refused);
    await expect(home.visit(origin, `${'AB:'.repeat(31)}AB`)).rejects.toThrow(refused);
    const place = await home.visit(origin, fingerprint);
    expect(place).toMatchObject({ kind: 'visit', origin });
    // Confirmed for as long as the studio runs.
    expect(await home.visit(origin)).toEqual(place);
  });

  it('that shows another one later is not spoken to', async () => {
    const { origin, fingerprint, reachable } = await startOverTls();
    const { home } = await newStudio();
    const { baseUrl } = await home.use(origin, fingerprint);
    const visitor = await newStudio('ann');
    await visitor.home.visit(origin, fingerprint);
    const port = Number(new URL(origin).port);
    await reachable.stop();
    cleanUps.splice(cleanUps.indexOf(reachable.stop), 1);
    const impostor = await startReachableNode({
      initial: 'network',
      port: { number: port, fallBack: false, flag: '--network-port' },
    });
    cleanUps.push(impostor.stop);
    const told = await askFrom(baseUrl, '/api/node');
    expect(await told.json()).toMatchObject({ code: 'node-untrusted' });
    expect(await closeOf(baseUrl)).toBe(1011);

    await expect(visitor.home.visit(origin)).rejects.toThrow(refusal('node-untrusted'));
    const { certificate } = await visitor.home.look(origin);
    expect(certificate?.fingerprint).not.toBe(fingerprint);
    const again = await visitor.home.visit(origin, certificate?.fingerprint);
    expect((await askFrom(again.baseUrl, '/api/node')).status).toBe(200);
  });

  it('is not spoken to on anybody’s word but this computer’s where none is pinned', async () => {
    const { origin } = await startOverTls();
    const gateway = await openNodeGateway({ origin, certificate: undefined, uiOrigins: [WINDOW] });
    cleanUps.push(gateway.close);
    const told = await askFrom(gateway.url, '/api/node');
    expect(await told.json()).toMatchObject({ code: 'node-untrusted' });
    expect(await closeOf(gateway.url)).toBe(1011);
  });

  it('takes the window’s socket too', async () => {
    const { origin, fingerprint } = await startOverTls();
    const { home } = await newStudio();
    const { baseUrl } = await home.use(origin, fingerprint);
    const socket = new WebSocket(`${baseUrl.replace('http', 'ws')}/ws`, { origin: WINDOW });
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'authenticate', token: 'none' }));
    const [message] = await once(socket, 'message');
    expect(JSON.parse(String(message))).toMatchObject({ type: 'error', code: 'auth-failed' });
    const [code] = await once(socket, 'close');
    expect(code).toBe(CLOSE.unauthenticated);
    const silent = new WebSocket(`${baseUrl.replace('http', 'ws')}/ws`, { origin: WINDOW });
    await once(silent, 'open');
    silent.pause();
    await expect(
      once(
        new WebSocket(`${baseUrl.replace('http', 'ws')}/ws`, { origin: 'https://else.example' }),
        'open',
      ),
    ).rejects.toThrow('403');
    // One that reads nothing, not even the goodbye, does not hold up the end.
    await home.close();
    silent.resume();
    await once(silent, 'close');
  });
});

describe('a visit', () => {
  it('leads to the home and to this studio’s own node by the ways that are there', async () => {
    const { home } = await newStudio();
    const own = await home.place();
    expect(await home.visit(own.origin)).toEqual(own);
    const place = await home.use(invitation());
    expect(await home.visit(node.origin)).toEqual(place);
    expect(await home.visit(own.origin)).toEqual({ ...own, kind: 'visit' });
  });
});
