import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { remoteNode } from '../../../main/home/remote-node.ts';
import type { Identity } from '../../../main/identity/identity.ts';
import { LOST_AFTER_MS } from '../../../main/replicas/placement/placement-plan.ts';
import { enrolmentLink } from '../../../protocol/node-link.ts';
import { Manifest } from '../../../protocol/recordings.ts';
import { type RunningNode, startCommunityNode } from '../home/home-fixture.ts';
import { TestClock } from '../rendezvous/node.ts';
import { newIdentity, recordingHost } from './recording-host.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const ROOM_ID = 'room_0123456789abcdef';

async function volunteers(count: number, clock: TestClock, replicaBytes = 1e9) {
  const nodes: RunningNode[] = [];
  for (let n = 0; n < count; n += 1) {
    const node = await startCommunityNode({ replicaBytes, clock: clock.now });
    onTestFinished(() => node.stop().catch(() => undefined));
    nodes.push(node);
  }
  return nodes;
}

type Host = Awaited<ReturnType<typeof recordingHost>>;

const addTo = (host: Host, node: RunningNode) =>
  host.placement.addNode(enrolmentLink({ origin: node.origin, token: node.invite() }));

async function sessionOn(node: RunningNode, member: Identity): Promise<{ authorization: string }> {
  const { token } = await remoteNode(node.origin, node.origin).signIn(member);
  return { authorization: `Bearer ${token}` };
}

/** All bytes that a node has on its disk of copies. */
async function filesOn(node: RunningNode): Promise<string[]> {
  const dir = join(node.dataDir, 'replicas');
  const found = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('copies of a public recording', () => {
  it('are placed, checked, served while the host is away, and lie there encrypted', async () => {
    const clock = new TestClock();
    const host = await recordingHost(clock);
    const nodes = await volunteers(3, clock);
    host.placement.setWanted(2);
    for (const node of nodes) await addTo(host, node);
    const recordingId = await host.record({ visibility: 'public' });
    await host.placement.look();
    expect(Object.values(host.copies(recordingId))).toEqual(['whole', 'whole']);

    const origins = host.placement.copiesOf(recordingId);
    const [first = ''] = origins;
    const status = await (await fetch(`${first}/api/streams/${ROOM_ID}/recording`)).json();
    expect(status).toMatchObject({
      ...{ state: 'ready', recordingId, isReplica: true, visibility: 'public' },
      hostUserId: host.identity.userId,
    });
    expect(status.replicas.toSorted()).toEqual(origins.toSorted());
    const folder = `${first}/replays/${recordingId}`;
    const manifest = Manifest.parse(await (await fetch(`${folder}/manifest.json`)).json());
    for (const file of [manifest.init, ...manifest.segments]) {
      const answer = await fetch(`${folder}/${file.uri}`);
      expect(answer.headers.get('etag')).toBe(`"${file.sha256}"`);
      expect(hashOf(await answer.bytes())).toBe(file.sha256);
    }
    const playlist = await (await fetch(`${folder}/index.m3u8`)).text();
    expect(playlist.match(/segment-\d+\.m4s/g)).toEqual(manifest.segments.map(({ uri }) => uri));
    const part = await fetch(`${folder}/init.mp4`, { headers: { range: 'bytes=4-7' } });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe('ftyp');
    const beyond = await fetch(`${folder}/init.mp4`, { headers: { range: 'bytes=9999999-' } });
    expect(beyond.status).toBe(416);

    const keeper = nodes.find(({ origin }) => origin === first);
    const files = keeper ? await filesOn(keeper) : [];
    expect(files).toHaveLength(manifest.segments.length + 1);
    for (const path of files) expect((await readFile(path)).includes('moof')).toBe(false);
  });

  it('is replaced when its node has left for a day, and counts again when it returns', async () => {
    const clock = new TestClock();
    const host = await recordingHost(clock);
    const [leaving, staying, spare] = await volunteers(3, clock);
    if (!leaving || !staying || !spare) throw new Error('There are three.');
    host.placement.setWanted(2);
    await addTo(host, leaving);
    await addTo(host, staying);
    const recordingId = await host.record({ visibility: 'public' });
    await host.placement.look();
    await addTo(host, spare);
    expect(host.copies(recordingId)).toEqual({
      [leaving.origin]: 'whole',
      [staying.origin]: 'whole',
    });

    await leaving.shutdown();
    clock.advance(7 * 60 * 60 * 1000);
    await host.placement.look();
    const { trouble } = host.placement.overview().nodes[0] ?? {};
    expect(trouble?.code).toBe('node-unreachable');
    expect(host.copies(recordingId)[leaving.origin]).toBe('whole');
    clock.advance(LOST_AFTER_MS);
    await host.placement.look();
    expect(host.copies(recordingId)).toEqual({
      [leaving.origin]: 'lost',
      [staying.origin]: 'whole',
      [spare.origin]: 'whole',
    });
    expect(host.placement.copiesOf(recordingId).toSorted()).toEqual(
      [staying.origin, spare.origin].toSorted(),
    );

    await leaving.comeBack();
    clock.advance(2 * 60 * 60 * 1000);
    await host.placement.look();
    const states = host.copies(recordingId);
    expect(Object.values(states).filter((state) => state === 'whole')).toHaveLength(2);
    expect(Object.values(states)).not.toContain('lost');
  });

  it('go with the recording, also from a node that was away then, and are never taken again', async () => {
    const clock = new TestClock();
    const host = await recordingHost(clock);
    const [node] = await volunteers(1, clock);
    if (!node) throw new Error('There is one.');
    await addTo(host, node);
    const recordingId = await host.record({ visibility: 'public' });
    await host.placement.look();
    const manifest = await host.recordings.library.manifestOf(recordingId);
    await node.shutdown();
    await host.recordings.remove(ROOM_ID);
    await host.placement.look();
    expect(host.copies(recordingId)).toEqual({ [node.origin]: 'leaving' });
    await node.comeBack();
    clock.advance(60 * 60 * 1000);
    await host.placement.look();
    expect(host.copies(recordingId)).toEqual({});
    expect(await filesOn(node)).toEqual([]);
    const gone = await fetch(`${node.origin}/replays/${recordingId}/manifest.json`);
    expect(gone.status).toBe(404);

    const headers = {
      ...(await sessionOn(node, host.identity)),
      'content-type': 'application/json',
    };
    const again = await fetch(`${node.origin}/api/replicas`, {
      ...{ method: 'POST', headers },
      body: JSON.stringify(await depositOf(host.identity, manifest, clock)),
    });
    expect(await again.json()).toMatchObject({ code: 'replica-deleted' });
  });

  it('ends with its lease where its host is not heard of', async () => {
    const clock = new TestClock();
    const host = await recordingHost(clock);
    const [node] = await volunteers(1, clock);
    if (!node) throw new Error('There is one.');
    await addTo(host, node);
    const recordingId = await host.record({ visibility: 'public' });
    await host.placement.look();
    expect(host.copies(recordingId)).toEqual({ [node.origin]: 'whole' });
    const { retainUntil } = await (
      await fetch(`${node.origin}/api/streams/${ROOM_ID}/recording`)
    ).json();
    expect(Date.parse(retainUntil) - clock.now()).toBeLessThanOrEqual(31 * DAY_MS);
    clock.advance(32 * DAY_MS);
    await node.sweepReplicas();
    expect(await filesOn(node)).toEqual([]);
  });

  it('is sent again where it was damaged, and nothing damaged is served', async () => {
    const clock = new TestClock();
    const host = await recordingHost(clock);
    const [node] = await volunteers(1, clock);
    if (!node) throw new Error('There is one.');
    await addTo(host, node);
    const recordingId = await host.record({ visibility: 'public' });
    await host.placement.look();
    const { init, segments } = await host.recordings.library.manifestOf(recordingId);
    for (const path of await filesOn(node)) {
      const bytes = await readFile(path);
      bytes[40] = (bytes[40] ?? 0) ^ 1;
      await writeFile(path, bytes);
    }
    const served = await fetch(`${node.origin}/replays/${recordingId}/${init.uri}`);
    expect(await served.json()).toMatchObject({ code: 'recording-damaged' });
    clock.advance(7 * 60 * 60 * 1000);
    await host.placement.look();
    expect(host.copies(recordingId)).toEqual({ [node.origin]: 'whole' });
    for (const { uri } of [init, ...segments]) {
      expect((await fetch(`${node.origin}/replays/${recordingId}/${uri}`)).status).toBe(200);
    }
  });

  it('waits while the uplink is needed', async () => {
    const host = await recordingHost();
    const [node] = await volunteers(1, host.clock);
    if (!node) throw new Error('There is one.');
    host.hold(true);
    await addTo(host, node);
    const recordingId = await host.record({ visibility: 'public' });
    await host.placement.look();
    expect(host.copies(recordingId)).toEqual({ [node.origin]: 'waiting' });
    host.hold(false);
    await host.placement.look();
    expect(host.copies(recordingId)).toEqual({ [node.origin]: 'whole' });
  });
});

describe('copies of a recording that is not for everybody', () => {
  it('open for those who may watch, by their own keys, and for nobody else', async () => {
    const clock = new TestClock();
    const host = await recordingHost(clock);
    const [node] = await volunteers(1, clock);
    if (!node) throw new Error('There is one.');
    await addTo(host, node);
    const guest = await newIdentity('grace');
    const stranger = await newIdentity('mallory');
    for (const { profile, userId, publicKey } of [guest, stranger].map((member) => ({
      profile: member.profile(),
      userId: member.userId,
      publicKey: member.publicKey,
    }))) {
      host.members.claim({ ...profile, userId, publicKey });
    }
    const recordingId = await host.record({ allowedUserIds: [guest.userId] });
    await host.placement.look();
    expect(host.copies(recordingId)).toEqual({ [node.origin]: 'whole' });
    const folder = `${node.origin}/replays/${recordingId}`;

    const asGuest = await sessionOn(node, guest);
    const { box } = await (await fetch(`${folder}/grant`, { headers: asGuest })).json();
    const { key } = await guest.openSegmentKey(recordingId, box);
    const segmentKey = host.recordings.segmentKeyOf(recordingId) ?? new Uint8Array();
    expect(key).toBe(Buffer.from(segmentKey).toString('base64url'));
    await expect(stranger.openSegmentKey(recordingId, box)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(guest.openSegmentKey('rec_another0000', box)).rejects.toMatchObject({
      code: 'forbidden',
    });
    const playlist = await (await fetch(`${folder}/index.m3u8`, { headers: asGuest })).text();
    expect(playlist).toContain('#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x');

    expect((await fetch(`${folder}/init.mp4`)).status).toBe(401);
    const asStranger = await sessionOn(node, stranger);
    for (const name of ['manifest.json', 'index.m3u8', 'init.mp4', 'grant']) {
      expect((await fetch(`${folder}/${name}`, { headers: asStranger })).status).toBe(403);
    }
    expect((await fetch(`${folder}/key`, { headers: asGuest })).status).toBe(400);
    const everything = Buffer.concat([
      await readFile(join(node.dataDir, 'node.db')),
      await readFile(join(node.dataDir, 'node.db-wal')),
    ]);
    expect(everything.includes(Buffer.from(segmentKey))).toBe(false);
    expect(everything.includes('An evening of')).toBe(false);

    host.recordings.bar(ROOM_ID, guest.userId, true);
    await host.placement.look();
    expect((await fetch(`${folder}/init.mp4`, { headers: asGuest })).status).toBe(403);
  });
});

describe('a volunteer', () => {
  async function prepared() {
    const clock = new TestClock();
    const host = await recordingHost(clock);
    const [node] = await volunteers(1, clock, 300_000_000);
    if (!node) throw new Error('There is one.');
    await host.home.enrol(enrolmentLink({ origin: node.origin, token: node.invite() }));
    const recordingId = await host.record({ visibility: 'public' });
    const manifest = await host.recordings.library.manifestOf(recordingId);
    const as = async (member: Identity) => ({
      ...(await sessionOn(node, member)),
      'content-type': 'application/json',
    });
    const post = async (path: string, body: unknown, headers: Record<string, string>) => {
      const answer = await fetch(`${node.origin}/api/replicas${path}`, {
        ...{ method: 'POST', headers },
        body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
      });
      const text = await answer.text();
      return text === '' ? answer.status : JSON.parse(text);
    };
    const deposit = await depositOf(host.identity, manifest, clock);
    return { clock, host, node, manifest, deposit, as, post };
  }

  it('takes nothing that its host did not sign, or from anybody else', async () => {
    const { clock, host, node, manifest, deposit, as, post } = await prepared();
    const own = await as(host.identity);
    const mallory = await newIdentity('mallory');
    await remoteNode(node.origin, node.origin).signIn(mallory);
    const [segment] = manifest.segments;
    const refusals: [unknown, string][] = [
      [{ ...deposit, manifest: { ...manifest, durationMs: 1 } }, 'manifest-invalid'],
      [
        { ...deposit, manifest: { ...manifest, segments: [{ ...segment, uri: 'init.mp4' }] } },
        'manifest-invalid',
      ],
      [{ ...deposit, ivs: 'AAAA' }, 'manifest-invalid'],
      [
        { ...deposit, terms: { ...deposit.terms, keepUntil: new Date(0).toISOString() } },
        'terms-invalid',
      ],
      [{ ...deposit, terms: (await depositOf(mallory, manifest, clock)).terms }, 'terms-invalid'],
      [{ ...deposit, manifest: { ...manifest, recordingId: '../../etc' } }, 'validation-failed'],
      [{ manifest: 'x' }, 'validation-failed'],
    ];
    for (const [body, code] of refusals) {
      expect(await post('', body, own), code).toMatchObject({ code });
    }
    // Not enrolled, so not even read.
    expect(await post('', deposit, await as(mallory))).toMatchObject({ code: 'forbidden' });
    expect(await post('', deposit, { 'content-type': 'application/json' })).toMatchObject({
      code: 'auth-required',
    });
    expect(await filesOn(node)).toEqual([]);
  });

  it('takes the very bytes of files that it waits for, and no others', async () => {
    const { host, node, manifest, deposit, as, post } = await prepared();
    const own = await as(host.identity);
    const { recordingId, init } = manifest;
    const asBytes = { ...own, 'content-type': 'application/octet-stream' };
    const bytes = await readFile(join(host.recordings.folderOf(recordingId), init.uri));
    const send = (sha256: string, body: Uint8Array) =>
      post(`/${recordingId}/files/${sha256}`, body, asBytes);
    expect(await send(init.sha256, bytes)).toMatchObject({ code: 'replica-not-found' });
    expect(await post('', deposit, own)).toMatchObject({ state: 'filling' });
    const flipped = Uint8Array.from(bytes);
    flipped[9] = (flipped[9] ?? 0) ^ 1;
    expect(await send(init.sha256, flipped)).toMatchObject({ code: 'hash-mismatch' });
    expect(await send(init.sha256, bytes.subarray(1))).toMatchObject({ code: 'hash-mismatch' });
    expect(await send('0'.repeat(64), bytes)).toMatchObject({ code: 'replica-not-found' });
    expect(await send('..%2F..%2Fx', bytes)).toMatchObject({ code: 'validation-failed' });
    expect(await filesOn(node)).toEqual([]);
    expect(await send(init.sha256, bytes)).toBe(204);
    // Half a copy is none.
    const half = await fetch(`${node.origin}/replays/${recordingId}/${init.uri}`);
    expect(half.status).toBe(404);

    const grace = await newIdentity('grace');
    await host.home.close();
    const other = await as(grace);
    const ask = { sha256: init.sha256, offset: 0, length: 4, nonce: 'A'.repeat(43) };
    expect(await post(`/${recordingId}/proof`, ask, other)).toMatchObject({ code: 'forbidden' });
    const beyond = { ...ask, offset: init.sizeBytes };
    expect(await post(`/${recordingId}/proof`, beyond, own)).toMatchObject({
      code: 'replica-not-found',
    });
  });

  it('heeds the host’s word alone, and the later one', async () => {
    const { clock, host, manifest, deposit, as, post } = await prepared();
    const own = await as(host.identity);
    await post('', deposit, own);
    const { recordingId } = manifest;
    const mallory = await newIdentity('mallory');
    const terms = { ...deposit.terms, keepUntil: null };
    expect(await post(`/${recordingId}/terms`, terms, own)).toMatchObject({
      code: 'terms-invalid',
    });
    const { signature: _signature, ...payload } = terms;
    const { signTerms } = await import('../../../main/replicas/replica-terms.ts');
    expect(await post(`/${recordingId}/terms`, signTerms(payload, mallory), own)).toMatchObject({
      code: 'terms-invalid',
    });
    clock.advance(1000);
    const later = (await depositOf(host.identity, manifest, clock)).terms;
    expect(await post(`/${recordingId}/terms`, later, own)).toBe(204);
    expect(await post(`/${recordingId}/terms`, deposit.terms, own)).toMatchObject({
      code: 'terms-outdated',
    });
    clock.advance(1000);
    const last = { ...payload, issuedAt: new Date(clock.now()).toISOString() };
    expect(
      await post(`/${recordingId}/terms`, signTerms(last, host.identity), {
        'content-type': 'application/json',
      }),
    ).toBe(204);
    expect(await post('', deposit, own)).toMatchObject({ code: 'replica-deleted' });
  });

  it('takes no more than it has room for', async () => {
    const clock = new TestClock();
    const host = await recordingHost(clock);
    const [small, none] = [
      ...(await volunteers(1, clock, 1000)),
      await startCommunityNode({ clock: clock.now }),
    ];
    if (!small || !none) throw new Error('There are two.');
    onTestFinished(() => none.stop());
    await expect(addTo(host, none)).rejects.toMatchObject({ code: 'not-volunteering' });
    await addTo(host, small);
    const recordingId = await host.record({ visibility: 'public' });
    await host.placement.look();
    expect(host.copies(recordingId)).toEqual({});
    const headers = {
      ...(await sessionOn(small, host.identity)),
      'content-type': 'application/json',
    };
    const manifest = await host.recordings.library.manifestOf(recordingId);
    const answer = await fetch(`${small.origin}/api/replicas`, {
      ...{ method: 'POST', headers },
      body: JSON.stringify(await depositOf(host.identity, manifest, clock)),
    });
    expect(await answer.json()).toMatchObject({ code: 'quota-exceeded' });
  });
});

async function depositOf(host: Identity, manifest: Manifest, clock: TestClock) {
  const { signTerms } = await import('../../../main/replicas/replica-terms.ts');
  const { termsOf } = await import('../../../main/replicas/placement/copy-terms.ts');
  const terms = termsOf(
    {
      recordingId: manifest.recordingId,
      ...{ visibility: 'public' as const, pinned: false, retainUntilMs: clock.now() + DAY_MS },
    },
    { copies: [], grants: [], nowMs: clock.now() },
  );
  return { manifest, terms: signTerms(terms, host), ivs: '' };
}
