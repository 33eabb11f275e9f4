import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memberOf, startNode, type TestMember, type TestNode, TestSocket } from './node.ts';

let node: TestNode;
let ann: TestMember;

beforeEach(async () => {
  node = await startNode({
    extraRoutes: [
      async (app) => {
        app.get('/api/broken', async () => {
          throw new Error('the password is hunter2');
        });
      },
    ],
  });
  ann = await memberOf(node, 'ann');
});
afterEach(() => node.close());

describe('a request that can’t be answered', () => {
  it('gets a problem with a code, whatever is wrong', async () => {
    const json = { 'content-type': 'application/json' };
    const raw = async (method: string, path: string, init: RequestInit = {}) => {
      const response = await fetch(`${node.url}${path}`, { method, ...init });
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      const problem = await response.json();
      expect(problem.status).toBe(response.status);
      expect(problem.detail).toMatch(/\.$/);
      return `${response.status} ${problem.code}`;
    };
    const rooms = '/api/signaling/rooms';
    expect(await raw('GET', '/api/nothing')).toBe('404 not-found');
    expect(await raw('GET', '/')).toBe('404 not-found');
    expect(await raw('PUT', rooms)).toBe('405 method-not-allowed');
    expect(await raw('POST', rooms, { body: '{', headers: json })).toBe('400 validation-failed');
    expect(await raw('POST', rooms, { body: '[]', headers: json })).toBe('400 validation-failed');
    expect(await raw('POST', rooms, { body: '{"__proto__":1}', headers: json })).toBe(
      '400 validation-failed',
    );
    const huge = JSON.stringify({ title: 'x'.repeat(70_000) });
    expect(await raw('POST', rooms, { body: huge, headers: json })).toBe('413 message-too-large');
    expect(await raw('POST', rooms, { body: 'a=1' })).toBe('415 unsupported-media-type');
    expect(await raw('GET', '/api/posts/%E0%A4%A')).toBe('400 validation-failed');
    expect(await raw('GET', `/api/posts/${'x'.repeat(500)}`)).toBe('404 not-found');
  });

  it('is refused, over REST and on a socket, where its fields make a schema stumble', async () => {
    const trap = { length: { toString: 1 } };
    const asked = await node.request('POST', '/api/session/challenge', { publicKey: trap });
    expect(asked).toMatchObject({ status: 400, json: { code: 'validation-failed' } });
    const socket = await ann.socket();
    socket.send({ type: 'authenticate', token: trap, requestId: 'trap' });
    expect(await socket.next('error')).toMatchObject({
      ...{ code: 'validation-failed', requestId: 'trap' },
    });
    const stranger = await TestSocket.open(node);
    stranger.send({ type: 'authenticate', token: trap });
    expect(await stranger.next('error')).toMatchObject({ code: 'auth-required' });
    expect(node.logged).toEqual([]);
  });

  it('says which methods would do', async () => {
    const { headers } = await node.request('PUT', '/api/signaling/rooms/room_1');
    expect(headers.get('allow')).toBe('DELETE, GET, HEAD');
  });

  it('tells nothing of what went wrong inside, but the log does', async () => {
    const answer = await node.request('GET', '/api/broken');
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal' } });
    expect(answer.text).not.toContain('hunter2');
    expect(JSON.stringify(node.logged)).toContain('hunter2');
    const reference = node.logged[0]?.reference;
    expect(answer.text).toContain(String(reference));
  });
});

describe('a page of another site', () => {
  const foreign = { origin: 'https://evil.example' };

  it('can’t change anything, with or without a session', async () => {
    const refused = { status: 403, json: { code: 'origin-refused' } };
    const body = { publicKey: ann.publicKey };
    expect(await node.request('POST', '/api/session/challenge', body, foreign)).toMatchObject(
      refused,
    );
    expect(
      await ann.call('DELETE', '/api/signaling/rooms/room_1', undefined, foreign),
    ).toMatchObject(refused);
    const preflight = { ...foreign, 'access-control-request-method': 'POST' };
    expect(await node.request('OPTIONS', '/api/session', undefined, preflight)).toMatchObject(
      refused,
    );
  });

  it('can’t read what a session shows, and is told nothing of replays either', async () => {
    for (const path of ['/api/signaling/rooms', '/replays/rec_1/index.m3u8']) {
      const answer = await ann.call('GET', path, undefined, foreign);
      expect(answer.json.code).toBe('origin-refused');
    }
  });

  it('may load what is public, but its scripts don’t get to see it', async () => {
    const answer = await node.request('GET', '/api/node', undefined, foreign);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is not one that merely ends or begins like ours', async () => {
    const { port } = new URL(node.url);
    for (const origin of [
      `http://[::1]:${port}`,
      'null',
      `${node.url}.evil.example`,
      'studio://app.evil',
      'studio://',
    ]) {
      const answer = await ann.call('POST', '/api/projects', { name: 'x' }, { origin });
      expect(answer.json.code).toBe('origin-refused');
    }
  });
});

describe('our own pages', () => {
  it('are allowed: the node’s, and the studio’s window', async () => {
    const { port } = new URL(node.url);
    for (const origin of [node.url, `http://localhost:${port}`, 'studio://app']) {
      const answer = await ann.call('POST', '/api/projects', { name: 'x' }, { origin });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      const preflight = await node.request('OPTIONS', '/api/projects', undefined, {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,swarm-invitation',
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');
      expect(preflight.headers.get('access-control-allow-headers')).toContain('swarm-invitation');
    }
  });
});

describe('a port that is taken', () => {
  it('is named, with what to do', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    await expect(startNode({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`Port ${port} is taken`),
    });
    await new Promise((resolve) => other.close(resolve));
  });
});
