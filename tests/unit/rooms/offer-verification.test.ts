import { createLocalJWKSet, exportJWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../../protocol/encoding.ts';
import { dtlsProofText, userIdOf } from '../../../protocol/identity.ts';
import {
  type SignedDescription,
  verifyDescription,
} from '../../../renderer/rooms/offer-verification.ts';

const NOW_MS = Date.parse('2026-01-01T12:00:00.000Z');
const ROOM = 'room_0123456789ab';
const ADA = 'peer_ada000000000';
const LIN = 'peer_lin000000000';
const FINGERPRINT = 'sha-256 AB:CD:EF:01';
const SDP = `v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\na=fingerprint:${FINGERPRINT}\r\n`;

interface Member {
  keys: CryptoKeyPair;
  publicKey: string;
  userId: string;
}

let node: CryptoKeyPair;
let nodeKeys: ReturnType<typeof createLocalJWKSet>;
let ada: Member;
let mallory: Member;

beforeAll(async () => {
  node = await keyPair();
  const jwk = { ...(await exportJWK(node.publicKey)), kid: 'node', alg: 'EdDSA', use: 'sig' };
  nodeKeys = createLocalJWKSet({ keys: [jwk] });
  ada = await member();
  mallory = await member();
});

describe('a description from the member it names', () => {
  it('is let through', async () => {
    expect(await verdict(await offer())).toBe('ok');
  });

  it('is let through although the clocks differ by some seconds', async () => {
    expect(await verdict(await offer({ expMs: NOW_MS - 20_000 }))).toBe('ok');
  });
});

describe('a description is refused when its ticket', () => {
  it('has expired', async () => {
    expect(await verdict(await offer({ expMs: NOW_MS - 60_000 }))).toBe('ticket-expired');
  });

  it('lives longer than any ticket may', async () => {
    const expMs = NOW_MS + 3_600_000;
    expect(await verdict(await offer({ expMs }))).toBe('ticket-invalid');
  });

  it('is signed by another node', async () => {
    const signer = (await keyPair()).privateKey;
    expect(await verdict(await offer({ signer }))).toBe('ticket-invalid');
  });

  it('was changed after it was signed', async () => {
    const message = await offer();
    const [header, , signature] = message.ticket.split('.');
    const claims = { sub: mallory.userId, jkt: mallory.publicKey, room: ROOM, peer: ADA };
    const forged = toBase64Url(new TextEncoder().encode(JSON.stringify(claims)));
    const ticket = `${header}.${forged}.${signature}`;
    expect(await verdict({ ...message, ticket })).toBe('ticket-invalid');
  });

  it('is not signed at all', async () => {
    const message = await offer();
    const header = toBase64Url(new TextEncoder().encode('{"alg":"none"}'));
    const ticket = `${header}.${message.ticket.split('.')[1]}.`;
    expect(await verdict({ ...message, ticket })).toBe('ticket-invalid');
  });

  it('is another kind of token of the node', async () => {
    const ticket = await new SignJWT({ sub: ada.userId })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'node' })
      .setExpirationTime((NOW_MS + 60_000) / 1000)
      .sign(node.privateKey);
    expect(await verdict({ ...(await offer()), ticket })).toBe('ticket-invalid');
  });

  it('is for another room', async () => {
    expect(await verdict(await offer({ room: 'room_ba9876543210' }))).toBe('ticket-other-room');
  });

  it('belongs to another participant', async () => {
    expect(await verdict(await offer({ peer: 'peer_eve000000000' }))).toBe('ticket-other-peer');
  });

  it('names another member than the roster does', async () => {
    expect(await verdict(await offer({ member: mallory }))).toBe('ticket-other-member');
  });

  it('gives a member another’s key', async () => {
    const impostor = { ...mallory, userId: ada.userId };
    expect(await verdict(await offer({ member: impostor }))).toBe('ticket-other-member');
  });
});

describe('a description is refused when its fingerprint', () => {
  it('was swapped on the way', async () => {
    const message = await offer();
    const sdp = SDP.replace('AB:CD', 'BA:DC');
    expect(await verdict({ ...message, description: { sdp } })).toBe('fingerprint-unsigned');
  });

  it('is signed with another key than the ticket’s', async () => {
    expect(await verdict(await offer({ proofKey: mallory.keys.privateKey }))).toBe(
      'fingerprint-unsigned',
    );
  });

  it('was signed for somebody else, and is replayed to us', async () => {
    expect(await verdict(await offer({ to: 'peer_eve000000000' }))).toBe('fingerprint-unsigned');
  });

  it('stands beside a second one', async () => {
    const sdp = `${SDP}m=video 9\r\na=fingerprint:sha-256 99:99\r\n`;
    expect(await verdict({ ...(await offer()), description: { sdp } })).toBe(
      'fingerprint-ambiguous',
    );
  });

  it('is missing', async () => {
    const description = { sdp: 'v=0\r\n' };
    expect(await verdict({ ...(await offer()), description })).toBe('fingerprint-missing');
  });
});

it('a description that was routed to the wrong peer is refused', async () => {
  expect(await verdict({ ...(await offer()), to: 'peer_eve000000000' })).toBe('ticket-other-peer');
  expect(await verdict({ ...(await offer()), roomId: 'room_ba9876543210' })).toBe(
    'ticket-other-room',
  );
});

async function verdict(message: SignedDescription): Promise<string> {
  const expected = { roomId: ROOM, from: ADA, to: LIN, userId: ada.userId };
  const result = await verifyDescription(message, expected, nodeKeys, NOW_MS);
  return result.ok ? 'ok' : result.code;
}

/** What Ada would send to Lin, but for the changes. */
async function offer(
  change: {
    member?: Member;
    expMs?: number;
    room?: string;
    peer?: string;
    to?: string;
    signer?: CryptoKey;
    proofKey?: CryptoKey;
  } = {},
): Promise<SignedDescription> {
  const who = change.member ?? ada;
  const ticket = await new SignJWT({
    sub: who.userId,
    jkt: who.publicKey,
    room: change.room ?? ROOM,
    peer: change.peer ?? ADA,
    role: 'speaker',
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'node' })
    .setExpirationTime(((change.expMs ?? NOW_MS + 300_000) / 1000) | 0)
    .sign(change.signer ?? node.privateKey);
  const text = dtlsProofText({
    roomId: ROOM,
    from: ADA,
    to: change.to ?? LIN,
    fingerprint: FINGERPRINT,
  });
  const signature = await crypto.subtle.sign(
    'Ed25519',
    change.proofKey ?? who.keys.privateKey,
    new TextEncoder().encode(text),
  );
  const proof = toBase64Url(new Uint8Array(signature));
  return { roomId: ROOM, from: ADA, to: LIN, ticket, proof, description: { sdp: SDP } };
}

async function member(): Promise<Member> {
  const keys = await keyPair();
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', raw));
  return { keys, publicKey: toBase64Url(raw), userId: userIdOf(digest) };
}

async function keyPair(): Promise<CryptoKeyPair> {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if ('privateKey' in made) return made;
  throw new Error('not a pair');
}
