import { describe, expect, it } from 'vitest';
import type { Session } from '../../../protocol/identity.ts';
import { guestHandle } from '../../../renderer/identity/guest-handle.ts';
import {
  SessionKeeper,
  type SessionProfile,
  sessionLifetimeMs,
} from '../../../renderer/identity/session-keeper.ts';

const MINUTE_MS = 60_000;

function keeperAt(startMs: number) {
  let nowMs = startMs;
  let opened = 0;
  let profile: SessionProfile | undefined = { handle: 'ada', displayName: 'Ada', guest: true };
  const keeper = new SessionKeeper({
    now: () => nowMs,
    profile: () => profile,
    open: async ({ handle, displayName }): Promise<Session> => ({
      token: `token-${++opened}-${handle}`,
      userId: 'u_AAAAAAAAAAAAAAAAAAAAAA',
      handle,
      displayName,
      scopes: ['stream:join'],
      expiresAt: new Date(nowMs + 15 * MINUTE_MS).toISOString(),
    }),
  });
  return {
    keeper,
    pass: (ms: number) => {
      nowMs += ms;
    },
    become: (next: SessionProfile | undefined) => {
      profile = next;
      keeper.reset();
    },
  };
}

describe('a session', () => {
  it('is opened once, however many ask for it at the same time', async () => {
    const { keeper } = keeperAt(0);
    const tokens = await Promise.all([keeper.token(), keeper.token(), keeper.token()]);
    expect(tokens).toEqual(['token-1-ada', 'token-1-ada', 'token-1-ada']);
  });

  it('is renewed before it runs out', async () => {
    const { keeper, pass } = keeperAt(0);
    await keeper.session();
    pass(12 * MINUTE_MS);
    expect(await keeper.token()).toBe('token-1-ada');
    pass(MINUTE_MS);
    expect(await keeper.token()).toBe('token-2-ada');
    expect(keeper.renewInMs()).toBe(13 * MINUTE_MS);
  });

  it('is not had by somebody who has not said who they are', async () => {
    const { keeper, become } = keeperAt(0);
    become(undefined);
    expect(await keeper.token()).toBeUndefined();
    await expect(keeper.session()).rejects.toMatchObject({ code: 'auth-required' });
  });

  it('is opened for the present name, even when the name changes on the way', async () => {
    const { keeper, become } = keeperAt(0);
    const asked = keeper.session();
    become({ handle: 'grace', displayName: 'Grace', guest: true });
    expect((await asked).handle).toBe('grace');
    expect((await keeper.session()).handle).toBe('grace');
  });

  it('lasts as long as the protocol says where this machine’s clock is wrong', () => {
    const session = { expiresAt: '2026-01-01T12:15:00.000Z' };
    expect(sessionLifetimeMs(session, Date.parse('2026-01-01T12:05:00.000Z'))).toBe(10 * MINUTE_MS);
    expect(sessionLifetimeMs(session, Date.parse('2031-01-01T12:00:00.000Z'))).toBe(15 * MINUTE_MS);
    expect(sessionLifetimeMs(session, Date.parse('2020-01-01T12:00:00.000Z'))).toBe(15 * MINUTE_MS);
  });
});

it('a guest’s name becomes a handle that nodes take', () => {
  expect(guestHandle('Ada Lovelace')).toBe('ada-lovelace');
  expect(guestHandle('  José  Ñandú! ')).toBe('jose-nandu');
  expect(guestHandle('李小龍')).toBe('guest');
  expect(guestHandle('x'.repeat(64))).toHaveLength(32);
});
