import { generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { readPrivateKey } from '../../../main/identity/ed25519.ts';
import { TokenIssuer } from '../../../main/identity/token-issuer.ts';
import { MemorySecrets, TestClock } from '../rendezvous/node.ts';

const USER = `u_${'A'.repeat(22)}`;
const KEY = 'A'.repeat(43);
const SESSION = {
  sub: USER,
  jkt: KEY,
  handle: 'ann',
  name: 'Ann',
  scopes: ['stream:join' as const],
  guest: false,
};
const TICKET = { sub: USER, jkt: KEY, room: 'room_1', peer: 'peer_1', role: 'host' as const };

let clock: TestClock;
let secrets: MemorySecrets;
let tokens: TokenIssuer;

beforeEach(async () => {
  clock = new TestClock();
  secrets = new MemorySecrets();
  tokens = await TokenIssuer.open({ secrets, clock: clock.now });
});

const authFailed = expect.objectContaining({ code: 'auth-failed' });
const inviteInvalid = expect.objectContaining({ code: 'invite-invalid' });

describe('what the node signs', () => {
  it('is still valid after a restart of the node', async () => {
    const { token } = await tokens.issueSession(SESSION);
    const restarted = await TokenIssuer.open({ secrets, clock: clock.now });
    expect(await restarted.verifySession(token)).toMatchObject(SESSION);
    expect(restarted.jwks()).toEqual(tokens.jwks());
  });

  it('can be checked by peers with the published keys alone', async () => {
    const { token } = await tokens.issueMeshTicket(TICKET);
    const { payload } = await jwtVerify(token, createLocalJWKSet(tokens.jwks()));
    expect(payload).toMatchObject(TICKET);
  });

  it('ends a session after 15 minutes', async () => {
    const { token, expiresAtMs } = await tokens.issueSession(SESSION);
    expect(expiresAtMs - clock.nowMs).toBeLessThanOrEqual(15 * 60_000);
    clock.advance(14 * 60_000);
    await tokens.verifySession(token);
    clock.advance(60_000);
    await expect(tokens.verifySession(token)).rejects.toEqual(authFailed);
  });

  it('gives a mesh ticket 10 minutes at most', async () => {
    const { token, expiresAtMs } = await tokens.issueMeshTicket(TICKET);
    expect(expiresAtMs - clock.nowMs).toBeLessThanOrEqual(10 * 60_000);
    clock.advance(10 * 60_000);
    await expect(tokens.verifyMeshTicket(token)).rejects.toEqual(authFailed);
  });

  it('tells an invitation that has expired from one that is not ours', async () => {
    const invite = { jti: 'inv_1', room: 'room_1', role: 'speaker' as const };
    const token = await tokens.issueInvite(invite, clock.nowMs + 60_000);
    expect(await tokens.verifyInvite(token)).toMatchObject(invite);
    clock.advance(61_000);
    await expect(tokens.verifyInvite(token)).rejects.toMatchObject({ code: 'invite-expired' });
    await expect(tokens.verifyInvite(`${token.slice(0, -4)}AAAA`)).rejects.toEqual(inviteInvalid);
  });

  it('signs the same invite the same way, so that its link can be shown again', async () => {
    const invite = { jti: 'inv_1', room: 'room_1', role: 'speaker' as const };
    const at = clock.nowMs + 60_000;
    expect(await tokens.issueInvite(invite, at)).toBe(await tokens.issueInvite(invite, at));
  });
});

describe('a token of one kind', () => {
  it('is refused as any other kind', async () => {
    const session = (await tokens.issueSession(SESSION)).token;
    const ticket = (await tokens.issueMeshTicket(TICKET)).token;
    const invite = await tokens.issueInvite(
      { jti: 'inv_1', room: 'room_1', role: 'speaker' },
      clock.nowMs + 60_000,
    );
    await expect(tokens.verifySession(ticket)).rejects.toEqual(authFailed);
    await expect(tokens.verifySession(invite)).rejects.toEqual(authFailed);
    await expect(tokens.verifyMeshTicket(session)).rejects.toEqual(authFailed);
    await expect(tokens.verifyMeshTicket(invite)).rejects.toEqual(authFailed);
    await expect(tokens.verifyInvite(session)).rejects.toEqual(inviteInvalid);
    await expect(tokens.verifyInvite(ticket)).rejects.toEqual(inviteInvalid);
  });
});

describe('a token the node did sign', () => {
  it.each([
    ['swarm-invite+jwt', 'swarm:session'],
    ['swarm-session+jwt', 'swarm:invite'],
  ])('with all claims of a session, but as %s for %s, is none', async (typ, audience) => {
    const nodeKey = readPrivateKey((await secrets.get('node-key')) ?? new Uint8Array());
    const token = await new SignJWT({ ...SESSION })
      .setProtectedHeader({ alg: 'EdDSA', typ })
      .setAudience(audience)
      .setExpirationTime(Math.floor(clock.nowMs / 1000) + 600)
      .sign(nodeKey);
    await expect(tokens.verifySession(token)).rejects.toEqual(authFailed);
  });
});

describe('a forged session', () => {
  const exp = () => Math.floor(clock.nowMs / 1000) + 600;

  it('without a signature is refused', async () => {
    const forged = new UnsecuredJWT({ ...SESSION })
      .setAudience('swarm:session')
      .setExpirationTime(exp())
      .encode();
    await expect(tokens.verifySession(forged)).rejects.toEqual(authFailed);
  });

  it('signed by another key is refused, whatever key id it claims', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const forged = await new SignJWT({ ...SESSION })
      .setProtectedHeader({
        alg: 'EdDSA',
        typ: 'swarm-session+jwt',
        kid: tokens.jwks().keys[0]?.kid ?? '',
      })
      .setAudience('swarm:session')
      .setExpirationTime(exp())
      .sign(privateKey);
    await expect(tokens.verifySession(forged)).rejects.toEqual(authFailed);
  });

  it('signed with the public key as a shared secret is refused', async () => {
    const secret = Buffer.from(tokens.jwks().keys[0]?.x ?? '', 'base64url');
    const forged = await new SignJWT({ ...SESSION })
      .setProtectedHeader({ alg: 'HS256', typ: 'swarm-session+jwt' })
      .setAudience('swarm:session')
      .setExpirationTime(exp())
      .sign(secret);
    await expect(tokens.verifySession(forged)).rejects.toEqual(authFailed);
  });

  it('with a changed payload is refused', async () => {
    const { token } = await tokens.issueSession(SESSION);
    const [header, , signature] = token.split('.');
    const claims = { ...SESSION, scopes: ['stream:create'], aud: 'swarm:session', exp: exp() };
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    await expect(tokens.verifySession(`${header}.${payload}.${signature}`)).rejects.toEqual(
      authFailed,
    );
  });
});
