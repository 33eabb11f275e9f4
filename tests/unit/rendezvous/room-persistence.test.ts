import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../main/rendezvous/access.ts';
import type { RoomRecord } from '../../../main/rendezvous/room-record.ts';
import { RoomRegistry } from '../../../main/rendezvous/room-registry.ts';
import type { RoomStore } from '../../../main/rendezvous/room-store.ts';

/** Keeps copies, as a database would; `saves` counts what was written. */
class CopyStore implements RoomStore {
  saves = 0;
  isFull = false;
  readonly #kept = new Map<string, RoomRecord>();

  load(): RoomRecord[] {
    return [...this.#kept.values()].map((record) => structuredClone(record));
  }

  save(record: RoomRecord): void {
    if (this.isFull) throw new Error('no space left');
    this.saves += 1;
    this.#kept.set(record.roomId, structuredClone(record));
  }

  delete(roomId: string): void {
    this.#kept.delete(roomId);
  }
}

const ANN = caller('u_ann');
const BOB = caller('u_bob');

function caller(userId: string): Caller {
  const names = { handle: userId, displayName: userId };
  return { userId, publicKey: 'k', ...names, scopes: [], guest: false };
}

function startRegistry(store = new CopyStore()) {
  const clock = { now: 1_000_000 };
  const registry = new RoomRegistry({ clock: () => clock.now, store });
  const failures: unknown[] = [];
  registry.on('storeFailed', (_roomId, error) => failures.push(error));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { registry, clock, store, failures, turn };
}

function newRoom(registry: RoomRegistry): string {
  const room = registry.create(ANN, { context: 'profile', title: 'x', visibility: 'public' });
  registry.people.join(room.roomId, ANN);
  return room.roomId;
}

describe('rooms that are kept', () => {
  it('are written once for all that changes in a turn', async () => {
    const { registry, store, turn } = startRegistry();
    const roomId = newRoom(registry);
    registry.people.join(roomId, BOB);
    registry.people.leave(roomId, BOB.userId);
    expect(store.saves).toBe(0);
    await turn();
    expect(store.saves).toBe(1);
  });

  it('have an invitation on disk before whoever made it hears of it', () => {
    const { registry, store } = startRegistry();
    const roomId = newRoom(registry);
    registry.invites.mint(roomId, [{ role: 'speaker' }]);
    expect(store.load()[0]?.invites.size).toBe(1);
  });

  it('are not written for a sign of life', async () => {
    const { registry, store, turn } = startRegistry();
    const roomId = newRoom(registry);
    const { peerId } = registry.people.join(roomId, BOB);
    await turn();
    registry.people.heard(roomId, peerId, 'direct');
    await turn();
    expect(store.saves).toBe(1);
  });

  it('come back after a restart, and their people have the usual time to return', () => {
    const before = startRegistry();
    const roomId = newRoom(before.registry);
    before.registry.people.join(roomId, BOB);
    before.registry.knocks.knock(roomId, caller('u_carol'));
    before.registry.flush();

    const after = startRegistry(before.store);
    expect(after.registry.participants(roomId)).toHaveLength(2);
    expect(after.registry.knocks.list(roomId)).toEqual([]);
    after.clock.now += 89_999;
    after.registry.people.heard(
      roomId,
      after.registry.participantOf(roomId, 'u_bob')?.peerId ?? '',
    );
    after.registry.sweep(after.clock.now);
    expect(after.registry.get(roomId)?.participantCount).toBe(2);
    after.clock.now += 1;
    after.registry.sweep(after.clock.now);
    expect(after.registry.participants(roomId)).toMatchObject([{ userId: 'u_bob' }]);
  });

  it('remember bans and mutes, and forget those that ran out meanwhile', () => {
    const before = startRegistry();
    const roomId = newRoom(before.registry);
    const { peerId } = before.registry.people.join(roomId, BOB);
    const event = (eventId: string, about: object) => ({
      ...{ eventId, roomId, lamport: 1, at: new Date(1_000_000).toISOString() },
      ...{ action: 'mute' as const, scope: 'audio' as const, signature: '' },
      ...{ targetPeerId: peerId, targetUserId: 'u_bob' },
      actor: { userId: 'u_ann', role: 'host' as const },
      ...about,
    });
    before.registry.moderation.apply(roomId, event('mod_1', { scope: 'video' }));
    const ends = { expiresAt: new Date(1_060_000).toISOString() };
    before.registry.moderation.apply(roomId, event('mod_2', ends));
    const ban = { action: 'ban' as const, targetUserId: 'u_carol' };
    before.registry.moderation.apply(roomId, event('mod_3', ban));
    before.registry.flush();

    const after = new RoomRegistry({ clock: () => 1_060_000, store: before.store });
    expect(after.participant(roomId, peerId)?.mutedByModerator).toEqual({
      audio: false,
      video: true,
    });
    expect(after.isBanned(roomId, 'u_carol')).toBe(true);
    expect(() => after.people.join(roomId, caller('u_carol'))).toThrow(/banned/);
  });

  it('are forgotten with the room', () => {
    const { registry, clock, store } = startRegistry();
    const roomId = newRoom(registry);
    registry.end(roomId, 'ended-by-host');
    registry.flush();
    expect(store.load()).toMatchObject([{ roomId, endedAt: clock.now }]);
    clock.now += 24 * 3_600_000;
    registry.sweep(clock.now);
    registry.flush();
    expect(store.load()).toEqual([]);
  });

  it('that can’t be written are told, and written with the next change', async () => {
    const { registry, store, failures, turn } = startRegistry();
    store.isFull = true;
    const roomId = newRoom(registry);
    await turn();
    expect(failures).toHaveLength(1);
    expect(store.load()).toEqual([]);
    store.isFull = false;
    registry.people.join(roomId, BOB);
    await turn();
    expect(store.load()[0]?.participants.size).toBe(2);
  });
});
