import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createMeshTrust, nodeClockOffsetMs } from '../../../renderer/rooms/mesh-trust.ts';

const NODE_NOW_MS = Date.parse('2026-01-01T12:00:00.000Z');
const MINUTE_MS = 60_000;

function freshTicket(): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime((NODE_NOW_MS + 10 * MINUTE_MS) / 1000)
    .sign(new Uint8Array(32));
}

describe('this machine’s clock', () => {
  it('is believed where a fresh ticket looks valid by it', async () => {
    expect(nodeClockOffsetMs(await freshTicket(), NODE_NOW_MS)).toBe(0);
    expect(nodeClockOffsetMs(await freshTicket(), NODE_NOW_MS + 4 * MINUTE_MS)).toBe(0);
  });

  it('is set right where it finds a fresh ticket expired, or made in the future', async () => {
    const ticket = await freshTicket();
    const dayMs = 24 * 60 * MINUTE_MS;
    expect(nodeClockOffsetMs(ticket, NODE_NOW_MS + dayMs)).toBe(-dayMs);
    expect(nodeClockOffsetMs(ticket, NODE_NOW_MS - dayMs)).toBe(dayMs);
  });
});

it('a description is vouched for with the current ticket and its one fingerprint', async () => {
  const first = await freshTicket();
  let ticket = first;
  const trust = createMeshTrust({
    signer: { signFingerprint: async (proof) => JSON.stringify(proof) },
    nodeKeys: { resolve: () => Promise.reject(new Error('not asked')) },
    ticket: () => ticket,
    now: () => NODE_NOW_MS,
  });
  ticket = 'a renewed ticket';
  const origin = { roomId: 'room', from: 'me', to: 'you' };
  const vouched = await trust.vouch({ ...origin, sdp: 'a=fingerprint:SHA-256 ab:cd\r\n' });
  expect(vouched).toEqual({
    ticket: 'a renewed ticket',
    proof: JSON.stringify({ ...origin, fingerprint: 'sha-256 AB:CD' }),
  });
  await expect(trust.vouch({ ...origin, sdp: 'v=0\r\n' })).rejects.toThrow('missing');
});
