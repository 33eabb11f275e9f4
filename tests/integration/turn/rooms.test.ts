import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { turnCredentials } from '../../../main/turn/turn-credentials.ts';
import { TurnService } from '../../../main/turn/turn-service.ts';
import type { Room } from '../../../protocol/rooms.ts';
import {
  guestOf,
  memberOf,
  startNode,
  type TestMember,
  type TestNode,
} from '../rendezvous/node.ts';

const SECRET = 'shared-with-the-turn-server';
const STUN = { urls: ['stun:turn.example.org'] };
const RELAY_URLS = ['turn:turn.example.org?transport=udp'];

let node: TestNode;

beforeAll(async () => {
  node = await startNode({
    turn: (parts) =>
      new TurnService({
        ...parts,
        stunUrls: STUN.urls,
        relay: { urls: RELAY_URLS, secret: { current: () => SECRET } },
        relayedPerRoom: 2,
      }),
  });
});

afterAll(() => node.close());

/** What a peer of the room should be told now: credentials that only this node could make. */
function relayFor(owner: string, lifetimeMs = 12 * 60_000) {
  return {
    urls: RELAY_URLS,
    ...turnCredentials(SECRET, owner, node.clock.nowMs + lifetimeMs),
  };
}

/** Somebody who joins and whose heartbeat says how their media travels. */
async function joinBy(member: TestMember, roomId: string, connection: 'direct' | 'turn') {
  const { peerId, turnServers } = await member.join(roomId);
  const socket = await member.socket();
  socket.send({ type: 'heartbeat', roomId, peerId, ts: 1, connection });
  await socket.next('heartbeat');
  return { peerId, turnServers, socket };
}

/** What the room says of its share of the relay. */
async function relayOf(
  member: TestMember,
  roomId: string,
): Promise<Pick<Room, 'relay' | 'relayCap'>> {
  const { room } = (await member.call('GET', `/api/signaling/rooms/${roomId}`)).json;
  return { relay: room.relay, relayCap: room.relayCap };
}

describe('a room on a node with a TURN server', () => {
  it('gives each who enters credentials of their own', async () => {
    const [ann, bob] = [await memberOf(node, 'ann'), await guestOf(node, 'bob')];
    const { room, peerId, turnServers } = await ann.createRoom();
    expect(turnServers).toEqual([STUN, relayFor(`${room.roomId}.${peerId}`)]);
    const joined = await bob.join(room.roomId);
    expect(joined.turnServers).toEqual([STUN, relayFor(`${room.roomId}.${joined.peerId}`)]);
  });

  it('renews them with the ticket', async () => {
    const cy = await memberOf(node, 'cy');
    const { room, peerId } = await cy.createRoom();
    const socket = await cy.socket();
    for (let minute = 0; minute < 8; minute++) {
      node.clock.advance(60_000);
      socket.send({ type: 'heartbeat', roomId: room.roomId, peerId, ts: minute });
      await socket.next('heartbeat');
    }
    node.tick();
    const { turnServers } = await socket.next('ticket:renewed');
    expect(turnServers).toEqual([STUN, relayFor(`${room.roomId}.${peerId}`)]);
  });

  it('shows who is relayed, and when they are not any more', async () => {
    const dee = await memberOf(node, 'dee');
    const { room, peerId } = await dee.createRoom();
    const socket = await dee.socket();
    for (const connection of ['turn', 'direct'] as const) {
      socket.send({ type: 'heartbeat', roomId: room.roomId, peerId, ts: 1, connection });
      const { participants } = await socket.next('room:update', ({ participants }) =>
        participants.some((other) => other.connection === connection),
      );
      expect(participants).toMatchObject([{ peerId, connection }]);
    }
  });

  it('gives nobody else the relay at its cap, says so, and gives it again when somebody leaves', async () => {
    const host = await memberOf(node, 'host');
    const { roomId } = (await host.createRoom()).room;
    const relayed = await memberOf(node, 'eve');
    await joinBy(await memberOf(node, 'fay'), roomId, 'turn');
    await joinBy(relayed, roomId, 'turn');
    expect(await relayOf(host, roomId)).toEqual({ relay: 'full', relayCap: 2 });

    const late = await memberOf(node, 'gil');
    expect((await late.join(roomId)).turnServers).toEqual([STUN]);
    // Those who are on it keep it, also when they come back.
    expect((await relayed.join(roomId)).turnServers).toHaveLength(2);

    await relayed.call('POST', `/api/signaling/rooms/${roomId}/leave`);
    expect((await late.join(roomId)).turnServers).toHaveLength(2);
    expect(await relayOf(host, roomId)).toEqual({});
    expect(node.logged).toContainEqual(
      expect.objectContaining({ roomId, msg: expect.stringContaining('the relay is full') }),
    );
  });

  it('lets anybody with a session check the relay before joining, and nobody without', async () => {
    const hal = await guestOf(node, 'hal');
    const path = '/api/signaling/ice-servers';
    expect((await hal.call('GET', path)).json).toEqual({
      iceServers: [STUN, relayFor(`check.${hal.userId}`, 2 * 60_000)],
    });
    expect((await node.request('GET', path)).status).toBe(401);
  });
});
