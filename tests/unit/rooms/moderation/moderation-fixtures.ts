import { createLocalJWKSet, exportJWK, SignJWT } from 'jose';
import { toBase64Url } from '../../../../protocol/encoding.ts';
import { userIdOf } from '../../../../protocol/identity.ts';
import type { ModerationEvent, SignedModerationEvent } from '../../../../protocol/moderation.ts';
import { moderationText } from '../../../../protocol/moderation-text.ts';
import type { Role } from '../../../../protocol/rooms.ts';
import { verifyModeration } from '../../../../renderer/rooms/moderation/event-verification.ts';

export const NOW_MS = Date.parse('2026-01-01T12:00:00.000Z');
export const ROOM = 'room_0123456789ab';
export const OTHER_ROOM = 'room_ba9876543210';

export interface Member {
  privateKey: CryptoKey;
  publicKey: string;
  userId: string;
  peerId: string;
}

/** A room's people with real keys, and the node that vouches for them. */
export interface Cast {
  /** The host. */
  ada: Member;
  /** A cohost. */
  cleo: Member;
  /** A speaker. */
  sam: Member;
  /** Nobody's friend. */
  mallory: Member;
  node: { privateKey: CryptoKey; nodeKeys: ReturnType<typeof createLocalJWKSet> };
}

export async function cast(): Promise<Cast> {
  const pair = await keyPair();
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'node', alg: 'EdDSA', use: 'sig' };
  const node = { privateKey: pair.privateKey, nodeKeys: createLocalJWKSet({ keys: [jwk] }) };
  const names = ['ada', 'cleo', 'sam', 'mallory'] as const;
  const [ada, cleo, sam, mallory] = await Promise.all(names.map(member));
  if (!ada || !cleo || !sam || !mallory) throw new Error('somebody is missing');
  return { ada, cleo, sam, mallory, node };
}

async function member(name: string): Promise<Member> {
  const { privateKey, publicKey } = await keyPair();
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', raw));
  const peerId = `peer_${name.padEnd(12, '0')}`;
  return { privateKey, publicKey: toBase64Url(raw), userId: userIdOf(digest), peerId };
}

export async function keyPair(): Promise<CryptoKeyPair> {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if ('privateKey' in made) return made;
  throw new Error('not a pair');
}

export async function ticketOf(
  who: Member,
  role: Role,
  node: { privateKey: CryptoKey },
  change: { room?: string; expMs?: number; publicKey?: string } = {},
): Promise<string> {
  return new SignJWT({
    sub: who.userId,
    jkt: change.publicKey ?? who.publicKey,
    room: change.room ?? ROOM,
    peer: who.peerId,
    role,
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'node' })
    .setExpirationTime(Math.floor((change.expMs ?? NOW_MS + 300_000) / 1000))
    .sign(node.privateKey);
}

export async function signText(text: string, key: CryptoKey): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', key, bytes)));
}

export async function signedBy(
  who: Member,
  event: ModerationEvent,
  ticket: string,
): Promise<SignedModerationEvent> {
  return { ...event, ticket, signature: await signText(moderationText(event), who.privateKey) };
}

/** As the log asks it, in a room of Ada's. */
export function trustOf({ ada, node }: Cast, nowMs = NOW_MS) {
  const trust = { roomId: ROOM, hostUserId: ada.userId, nodeKeys: node.nodeKeys, nowMs };
  return (event: SignedModerationEvent) => verifyModeration(event, trust);
}

let made = 0;

/** An event of a made-up host on a made-up speaker, without a signature that means anything. */
export function act(change: Partial<SignedModerationEvent> = {}): SignedModerationEvent {
  made += 1;
  const action = change.action ?? 'mute';
  const isMute = action === 'mute' || action === 'unmute';
  return {
    eventId: `mod_${String(made).padStart(16, '0')}`,
    roomId: ROOM,
    lamport: 1,
    at: new Date(NOW_MS).toISOString(),
    action,
    ...(isMute && { scope: 'audio' as const }),
    targetPeerId: 'peer_target000000',
    targetUserId: userId('target'),
    actor: { userId: userId('host'), role: 'host' },
    kid: 'node',
    signature: 'A'.repeat(86),
    ...change,
  };
}

export function userId(name: string): string {
  return `u_${name.padEnd(22, 'A')}`;
}

/** Authority to whoever says so: for what is not about signatures. */
export const believesAll = async () => ({ ok: true }) as const;
