import { describe, expect, it, vi } from 'vitest';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { JoinRoomResponse } from '../../../protocol/rooms.ts';
import { Door } from '../../../renderer/rooms/door.ts';
import { Emitter } from '../../../renderer/rooms/emitter.ts';
import { RoomEntry } from '../../../renderer/rooms/room-entry.ts';
import type { SignallingEvents } from '../../../renderer/rooms/signalling-client.ts';
import { StreamingStore } from '../../../renderer/rooms/streaming-store.ts';
import { participant, room } from './room-fixtures.ts';

const { roomId } = room();
const lin = participant('lin');
const answer: JoinRoomResponse = {
  room: room(),
  participant: lin,
  participants: [lin],
  peerId: lin.peerId,
  meshTicket: 't',
  turnServers: [],
};

/** A node where somebody has to decide, or where `knock` was given answers. */
class Node extends Emitter<SignallingEvents> {
  readonly knocks: string[] = [];
  readonly joins: string[] = [];
  closed = 0;
  answers: (() => Promise<JoinRoomResponse | undefined>)[] = [];
  knock = async (at: string) => {
    this.knocks.push(at);
    return this.answers.shift()?.();
  };
  join = async (request: { roomId: string }) => {
    this.joins.push(request.roomId);
    return answer;
  };
  close = () => {
    this.closed += 1;
  };
  leaveRoom = () => undefined;
  drop = () => this.emit('state', 'offline');
}

function atDoor(refuseMedia?: Error) {
  const store = new StreamingStore();
  const node = new Node();
  const entered: string[] = [];
  const left: string[] = [];
  const entry = new RoomEntry({
    api: { leaveRoom: async (id) => void left.push(id) },
    store,
    signalling: node,
    nodeKeys: { prepare: async () => undefined },
    entered: ({ peerId }) => {
      if (refuseMedia) throw refuseMedia;
      entered.push(peerId);
    },
  });
  const door = new Door({
    store,
    signalling: node,
    entry,
    prepare: async () => undefined,
    retry: { delayMs: () => 0 },
  });
  const knock = () => door.knock({ roomId, stream: undefined });
  const waits = () => vi.waitUntil(() => store.state.phase === 'waiting');
  return { store, node, door, entered, left, knock, waits };
}

const approved = { type: 'room:admission', roomId, status: 'approved' } as const;

describe('somebody who knocks', () => {
  it('waits, and goes in by themselves once approved', async () => {
    const { store, node, door, entered, knock, waits } = atDoor();
    const inside = knock();
    await waits();
    expect(store.state.waiting).toEqual({ roomId });
    door.receive(approved);
    expect((await inside)?.roomId).toBe(roomId);
    expect(node.joins).toEqual([roomId]);
    expect(entered).toEqual([lin.peerId]);
    expect(store.state.phase).toBe('inside');
  });

  it('leaves a room again that this browser turns out not to be able to take part in', async () => {
    const problem = new ProtocolError('streaming-unavailable', 'This browser can’t encrypt.');
    const { store, node, left, knock } = atDoor(problem);
    node.answers = [async () => answer];
    await expect(knock()).rejects.toBe(problem);
    expect(left).toEqual([roomId]);
    expect(store.state.phase).toBe('outside');
  });

  it('goes in at once where there is a way in by right', async () => {
    const { node, knock } = atDoor();
    node.answers = [async () => answer];
    expect((await knock())?.roomId).toBe(roomId);
    expect(node.joins).toEqual([]);
  });

  it('is told when a moderator says no, in their words', async () => {
    const { store, door, knock, waits } = atDoor();
    const inside = knock();
    await waits();
    door.receive({ ...approved, status: 'denied', reason: 'Rehearsal' });
    await expect(inside).rejects.toMatchObject({
      code: 'knock-denied',
      message: expect.stringContaining('Rehearsal'),
    });
    expect(store.state.phase).toBe('outside');
  });

  it('is told when the room ends meanwhile', async () => {
    const { door, knock, waits } = atDoor();
    const inside = knock();
    await waits();
    door.receive({ type: 'room:ended', roomId, reason: 'ended-by-host' });
    await expect(inside).rejects.toMatchObject({ code: 'room-closed' });
  });

  it('is not let into one room by the answer of another', async () => {
    const { node, door, knock, waits } = atDoor();
    const inside = knock();
    await waits();
    door.receive({ ...approved, roomId: 'room_ba9876543210' });
    door.cancel();
    expect(await inside).toBeUndefined();
    expect(node.joins).toEqual([]);
  });

  it('can stop waiting, and the node hears of it', async () => {
    const { store, node, door, knock, waits } = atDoor();
    const inside = knock();
    await waits();
    door.cancel();
    expect(await inside).toBeUndefined();
    expect(node.closed).toBe(1);
    expect(store.state.phase).toBe('outside');
    door.receive(approved);
    expect(node.joins).toEqual([]);
  });

  it('knocks again when the connection was lost, until it is heard', async () => {
    const { node, door, knock, waits } = atDoor();
    const inside = knock();
    await waits();
    node.answers = [
      () => Promise.reject(new ProtocolError('internal', 'The node does not answer.')),
      () => Promise.reject(new ProtocolError('node-unreachable', 'The node may be stopped.')),
      async () => undefined,
    ];
    node.drop();
    await vi.waitUntil(() => node.knocks.length === 4);
    door.receive(approved);
    expect((await inside)?.roomId).toBe(roomId);
  });

  it('gives up when the room can’t be had any more after a lost connection', async () => {
    const { node, knock, waits } = atDoor();
    const inside = knock();
    await waits();
    node.answers = [() => Promise.reject(new ProtocolError('banned', 'You are banned.'))];
    node.drop();
    await expect(inside).rejects.toMatchObject({ code: 'banned' });
  });
});
