import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const program = join(import.meta.dirname, 'community-node-program.ts');
const running: ChildProcess[] = [];
let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'swarm-node-'));
  await mkdir(join(dir, 'ui'));
  await writeFile(join(dir, 'ui', 'index.html'), '<!doctype html><title>Guests</title>');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(stop));
  await rm(dir, { recursive: true, force: true });
});

const programArgs = (...flags: string[]) => [
  program,
  join(dir, 'ui'),
  ...flags,
  '--data',
  join(dir, 'data'),
  '--json',
];

async function start(...flags: string[]): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, programArgs(...flags), {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  running.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { child, address: JSON.parse(String(line)).address };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function invite(
  ...flags: string[]
): Promise<{ token: string; address?: string; link?: string }> {
  const { stdout } = await promisify(execFile)(process.execPath, programArgs('invite', ...flags));
  return JSON.parse(stdout);
}

async function post(address: string, path: string, body: unknown, token?: string) {
  const response = await fetch(`${address}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

/** A key, and how it signs in. */
function person(handle: string, guest = false) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = String(publicKey.export({ format: 'jwk' }).x);
  return async (address: string): Promise<string> => {
    const challenge = await post(address, '/api/session/challenge', { publicKey: key });
    const { challengeId, nonce } = challenge.json;
    const signature = sign(null, Buffer.from(nonce), privateKey).toString('base64url');
    const proof = { challengeId, publicKey: key, signature };
    const session = await post(address, '/api/session', {
      ...proof,
      ...{ handle, displayName: handle, guest },
    });
    return session.json.token;
  };
}

const ROOM = { context: 'profile', title: 'Rehearsal', visibility: 'public' };
const createRoom = (address: string, token: string) =>
  post(address, '/api/signaling/rooms', ROOM, token);

it('a member creates rooms once enrolled, and can only join them before', async () => {
  const { address } = await start();
  const signIn = person('ada');
  const before = await createRoom(address, await signIn(address));
  expect(before).toMatchObject({
    status: 403,
    json: { code: 'forbidden', detail: expect.stringMatching(/invitation to enrol/) },
  });

  const invitation = await invite();
  expect(invitation.address).toBe(address);
  expect(invitation.link).toBe(`${address}/enrol#token=${invitation.token}`);
  const enrol = async (token: string) =>
    post(address, '/api/node/enrolments', { token: invitation.token }, token);
  expect((await enrol(await signIn(address))).status).toBe(200);
  expect((await enrol(await signIn(address))).status).toBe(200);
  const created = await createRoom(address, await signIn(address));
  expect(created.status).toBe(201);

  const visitor = await person('bob')(address);
  expect((await createRoom(address, visitor)).status).toBe(403);
  const join = `/api/signaling/rooms/${created.json.room.roomId}/join`;
  expect((await post(address, join, {}, visitor)).status).toBe(200);
});

it('an invitation enrols as many people as it is for, and no guest', async () => {
  const { address } = await start();
  const { token } = await invite('--uses', '2');
  const enrol = async (handle: string, guest = false) => {
    const session = await person(handle, guest)(address);
    const { status, json } = await post(address, '/api/node/enrolments', { token }, session);
    return [status, json.code];
  };
  expect(await enrol('visitor', true)).toEqual([403, 'forbidden']);
  expect(await enrol('ada')).toEqual([200, undefined]);
  expect(await enrol('bob')).toEqual([200, undefined]);
  expect(await enrol('eve')).toEqual([403, 'invite-used']);
  const session = await person('mallory')(address);
  const forged = { token: 'A'.repeat(43) };
  expect((await post(address, '/api/node/enrolments', forged, session)).json.code).toBe(
    'invite-invalid',
  );
  expect((await post(address, '/api/node/enrolments', forged)).status).toBe(401);
});

it('an open node lets every member create rooms', async () => {
  const { address } = await start('--open');
  expect((await createRoom(address, await person('ada')(address))).status).toBe(201);
});

it('it hands out credentials for the TURN servers it is given', async () => {
  const secretFile = join(dir, 'turn-secret');
  await writeFile(secretFile, 'the-secret-of-the-north\n', { mode: 0o600 });
  const turn = ['--turn-url', 'turn:turn.example.org', '--turn-secret-file', secretFile];
  const { address } = await start('--open', ...turn);
  const { turnServers } = (await createRoom(address, await person('ada')(address))).json;
  expect(turnServers).toMatchObject([
    {
      urls: ['turn:turn.example.org'],
      username: expect.any(String),
      credential: expect.any(String),
    },
  ]);
});

it('rooms, and who may create them, outlive a restart', async () => {
  const first = await start();
  const signIn = person('ada');
  const { token } = await invite();
  await post(first.address, '/api/node/enrolments', { token }, await signIn(first.address));
  const created = await createRoom(first.address, await signIn(first.address));
  await stop(first.child);

  const second = await start();
  const again = await fetch(`${second.address}/api/signaling/rooms/${created.json.room.roomId}`);
  expect(await again.json()).toMatchObject({ room: { title: 'Rehearsal' } });
  expect((await createRoom(second.address, await signIn(second.address))).status).toBe(201);
});

it('it serves guests its pages, tells its name, and offers no recording', async () => {
  const { address } = await start('--name', 'Choir');
  const page = await fetch(`${address}/join/room_x`, { headers: { accept: 'text/html' } });
  expect(await page.text()).toMatch(/Guests/);
  const node = await (await fetch(`${address}/api/node`)).json();
  expect(node.name).toBe('Choir');
  expect(node.features).not.toContain('recording');
});

it('an invitation for a folder without a node is refused with what to do', async () => {
  await expect(invite()).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/There is no node in .*npm run node/),
  });
});
