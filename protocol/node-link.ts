import { z } from 'zod';
import { EnrolmentToken } from './enrolment.ts';
import { ProtocolError } from './errors.ts';
import { Fingerprint } from './reach.ts';
import { RoomId } from './rooms.ts';

/** The scheme of links that open the app. */
export const LINK_SCHEME = 'swarmstudio';

/** A signed invitation to a room: a JWT, so base64url and dots. */
const InviteToken = z.string().regex(/^[A-Za-z0-9_.-]{1,2048}$/);

const LOOPBACK_HOST = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** An invitation to enrol on a node. */
export interface EnrolmentLink {
  /** e.g. `https://rooms.example` */
  origin: string;
  /** Absent where the link is no more than the node's address. */
  token?: string;
  /** SHA-256 of the node's own certificate, where it made one itself: `AB:CD:…`. */
  fingerprint?: string;
}

/** Where an invitation to a room leads. */
export interface RoomLink {
  /** The node that has the room; absent for the studio's home. */
  origin?: string;
  roomId: string;
  invite?: string;
}

/** Whether an address is this computer's alone: there http is as private as https. */
export function isLoopback(url: string): boolean {
  return LOOPBACK_HOST.test(new URL(url).hostname);
}

/**
 * The origin of a node's address: https, or http on this computer.
 * Throws `validation-failed` with what is wrong.
 */
export function nodeOrigin(address: string): string {
  const url = URL.parse(address.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw wrong('That is no address of a node. It starts with https://, as the invitation has it.');
  }
  if (url.protocol === 'http:' && !isLoopback(url.origin)) {
    throw wrong(
      'A node on another computer must have an https:// address. Over http:// anybody on the way could read along.',
    );
  }
  return url.origin;
}

/**
 * Reads what `npm run node -- invite` printed: `https://rooms.example/enrol#token=…&cert=…`, or a
 * bare address. Throws `validation-failed` with what is wrong.
 */
export function readEnrolmentLink(text: string): EnrolmentLink {
  const origin = nodeOrigin(text);
  const fragment = new URLSearchParams(new URL(text.trim()).hash.slice(1));
  const [token, cert] = [fragment.get('token'), fragment.get('cert')];
  if (token !== null && !EnrolmentToken.safeParse(token).success) {
    throw wrong('The invitation is not whole. Copy the link again, to its very end.');
  }
  const fingerprint = cert === null ? undefined : Fingerprint.safeParse(withColons(cert));
  if (fingerprint?.success === false) {
    throw wrong('The invitation is not whole. Copy the link again, to its very end.');
  }
  return {
    origin,
    ...(token !== null && { token }),
    ...(fingerprint && { fingerprint: fingerprint.data }),
  };
}

/** The link of an invitation to enrol; the token stays in the fragment, out of every log. */
export function enrolmentLink(link: EnrolmentLink & { token: string }): string {
  const { origin, token, fingerprint } = link;
  const cert = fingerprint === undefined ? '' : `&cert=${fingerprint.replaceAll(':', '')}`;
  return `${origin}/enrol#token=${token}${cert}`;
}

/**
 * Reads an invitation to a room: `https://node/join/room_…#invite=…`, or the app's own
 * `swarmstudio://join/room_…?node=https://…#invite=…`, where `node` may be left out for a room of
 * the studio's home. Nothing of it but a node, a room and an invitation in their exact forms gets
 * through. `undefined` for anything else.
 */
export function readRoomLink(text: string): RoomLink | undefined {
  const url = URL.parse(text.trim());
  if (!url) return undefined;
  const own = url.protocol === `${LINK_SCHEME}:` && url.host === 'join';
  const path = own ? url.pathname.slice(1) : /^\/join\/([^/]+)$/.exec(url.pathname)?.[1];
  const room = RoomId.safeParse(path);
  if (!room.success) return undefined;
  const invite = new URLSearchParams(url.hash.slice(1)).get('invite');
  if (invite !== null && !InviteToken.safeParse(invite).success) return undefined;
  const node = own ? url.searchParams.get('node') : url.origin;
  const origin = node === null ? undefined : originOrNone(node);
  if (node !== null && origin === undefined) return undefined;
  return {
    ...(origin !== undefined && { origin }),
    roomId: room.data,
    ...(invite !== null && { invite }),
  };
}

/** The window's route for a room's link: `/join/room_…?node=https://…#invite=…`. */
export function routeOfRoom({ origin, roomId, invite }: RoomLink): string {
  const node = origin === undefined ? '' : `?node=${encodeURIComponent(origin)}`;
  return `/join/${roomId}${node}${invite === undefined ? '' : `#invite=${invite}`}`;
}

function originOrNone(address: string): string | undefined {
  try {
    return nodeOrigin(address);
  } catch {
    return undefined;
  }
}

function withColons(hex: string): string {
  return hex.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');
}

function wrong(message: string): ProtocolError {
  return new ProtocolError('validation-failed', message, [{ path: 'address', message }]);
}
