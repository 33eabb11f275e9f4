import { z } from 'zod';

/** A name, an IPv4 address, or an IPv6 address in brackets; a port of its own where it has one. */
const AUTHORITY = String.raw`(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::\d{1,5})?`;
const STUN = new RegExp(`^stuns?:${AUTHORITY}$`);
const TURN = new RegExp(String.raw`^turns?:${AUTHORITY}(?:\?transport=(?:udp|tcp))?$`);

/**
 * Where a STUN or TURN server answers (RFC 7064, RFC 7065): `stun:turn.example.org`,
 * `turn:turn.example.org:3478?transport=udp`, `turns:turn.example.org:5349?transport=tcp`.
 */
export const IceUrl = z
  .string()
  .refine((url) => (STUN.test(url) || TURN.test(url)) && portOf(url) <= 65_535, {
    message:
      'must be an address like turn:turn.example.org:3478?transport=udp, turns:turn.example.org:5349?transport=tcp or stun:turn.example.org:3478',
  });

/** Whether the server at this address relays, and so asks for credentials. */
export function isRelayUrl(url: string): boolean {
  return TURN.test(url);
}

function portOf(url: string): number {
  return Number(/:(\d+)(?:\?.*)?$/.exec(url)?.[1] ?? 0);
}
