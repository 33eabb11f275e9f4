import { afterEach, describe, expect, it } from 'vitest';
import { UPLOAD_PROBES_PER_MINUTE } from '../../../main/rendezvous/upload-probe-routes.ts';
import { MAX_UPLOAD_PROBE_BYTES } from '../../../protocol/upload-probe.ts';
import { guestOf, memberOf, startNode, type TestMember, type TestNode } from './node.ts';

let node: TestNode;
afterEach(() => node.close());

describe('the servers for a check before joining', () => {
  it('are told to members and guests, and kept by no cache', async () => {
    node = await startNode();
    for (const person of [await memberOf(node, 'ann'), await guestOf(node, 'gus')]) {
      const answer = await person.call('GET', '/api/signaling/ice-servers');
      expect(answer).toMatchObject({ status: 200, json: { iceServers: [] } });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('are not told to somebody without a session, nor with a wrong one', async () => {
    node = await startNode();
    const path = '/api/signaling/ice-servers';
    expect(await node.request('GET', path)).toMatchObject({
      status: 401,
      json: { code: 'auth-required' },
    });
    const wrong = { authorization: 'Bearer a.b.c' };
    expect(await node.request('GET', path, undefined, wrong)).toMatchObject({
      status: 401,
      json: { code: 'auth-failed' },
    });
  });
});

describe('an upload probe', () => {
  it('is counted to the last byte', async () => {
    node = await startNode();
    const ann = await memberOf(node, 'ann');
    for (const size of [0, 1, 70_000, MAX_UPLOAD_PROBE_BYTES]) {
      const answer = await probe(ann, new Uint8Array(size));
      expect(answer).toMatchObject({ status: 200, json: { receivedBytes: size } });
    }
  });

  it('is refused without a session', async () => {
    node = await startNode();
    const answer = await fetch(`${node.url}/api/diagnostics/upload-probe`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(1000),
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'auth-required' });
  });

  it('may not be larger than 1 MiB, said or not', async () => {
    node = await startNode();
    const ann = await memberOf(node, 'ann');
    expect(await probe(ann, new Uint8Array(MAX_UPLOAD_PROBE_BYTES + 1))).toMatchObject({
      status: 413,
      json: { code: 'message-too-large', detail: 'An upload probe may be 1 MiB at most.' },
    });
    let produced = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        produced += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    // The node hangs up: whether the refusal is still read depends on who is faster.
    const outcome = await probe(ann, endless).then(
      ({ status }) => status,
      () => 'hung up',
    );
    expect([413, 'hung up']).toContain(outcome);
    expect(produced).toBeLessThan(16 * MAX_UPLOAD_PROBE_BYTES);
  });

  it('is refused after a few within a minute, whoever asks from this address', async () => {
    node = await startNode();
    const [ann, bob] = [await memberOf(node, 'ann'), await memberOf(node, 'bob')];
    for (let i = 0; i < UPLOAD_PROBES_PER_MINUTE; i++) {
      expect((await probe(ann, new Uint8Array(10))).status).toBe(200);
    }
    expect(await probe(bob, new Uint8Array(10))).toMatchObject({
      status: 429,
      json: { code: 'rate-limited' },
    });
    expect((await bob.call('POST', '/api/projects', { name: 'x' })).status).toBe(201);
  });

  it('is the only thing that takes bytes as a body', async () => {
    node = await startNode();
    const ann = await memberOf(node, 'ann');
    const answer = await fetch(`${node.url}/api/projects`, {
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        authorization: `Bearer ${ann.token}`,
      },
      body: new Uint8Array(10),
    });
    expect(answer.status).toBe(415);
  });
});

async function probe(
  person: TestMember,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
): Promise<{ status: number; json: unknown }> {
  const answer = await fetch(`${person.node.url}/api/diagnostics/upload-probe`, {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      authorization: `Bearer ${person.token}`,
    },
    body,
    duplex: 'half',
  } as RequestInit);
  return { status: answer.status, json: await answer.json() };
}
