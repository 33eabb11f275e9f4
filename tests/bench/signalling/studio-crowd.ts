import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { type Crowd, PEERS, ROOMS, roomOf } from './crowd.ts';
import { openSockets, overSockets } from './reference-crowds.ts';

interface Joined {
  room: { roomId: string };
  peerId: string;
}

/**
 * Members of a node: each with a key, a session and a place in one of 50 rooms, signalling as
 * browsers do. The node checks every message: its schema, its sender, its receiver, its budget.
 */
export async function studioCrowd(address: string): Promise<Crowd> {
  const tokens: string[] = [];
  for (let peer = 0; peer < PEERS; peer++) tokens.push(await session(address, peer));
  const sockets = await openSockets(() => `${address.replace('http', 'ws')}/ws`);
  await Promise.all(
    sockets.map((socket, peer) =>
      ask(socket, { type: 'authenticate', token: tokens[peer] }, 'authenticated'),
    ),
  );
  const rooms: string[] = [];
  const peerIds: string[] = [];
  for (const [peer, socket] of sockets.entries()) {
    const room = roomOf(peer);
    const joined = (await (rooms[room] === undefined
      ? ask(socket, newRoom(room), 'room:created')
      : ask(socket, { type: 'room:join', roomId: rooms[room] }, 'room:joined'))) as Joined;
    rooms[room] = joined.room.roomId;
    peerIds.push(joined.peerId);
  }
  if (rooms.length !== ROOMS) throw new Error(`There are ${rooms.length} rooms.`);
  return overSockets(sockets, (from, to, payload) =>
    JSON.stringify({
      type: 'signal:candidate',
      roomId: rooms[roomOf(from)],
      from: peerIds[from],
      to: peerIds[to],
      candidate: { candidate: payload, sdpMid: '0', sdpMLineIndex: 0 },
    }),
  );
}

function newRoom(room: number) {
  const title = `Room ${room}`;
  return { type: 'room:create', context: 'profile', title, visibility: 'public' };
}

/** Proves a fresh key to the node (protocol, "Sessions"). */
async function session(address: string, peer: number): Promise<string> {
  const { privateKey, publicKey: key } = generateKeyPairSync('ed25519');
  const publicKey = String(key.export({ format: 'jwk' }).x);
  const { challengeId, nonce } = await post(`${address}/api/session/challenge`, { publicKey });
  const { token } = await post(`${address}/api/session`, {
    challengeId,
    publicKey,
    signature: sign(null, Buffer.from(String(nonce)), privateKey).toString('base64url'),
    handle: `bench-${peer}`,
    displayName: `Peer ${peer}`,
  });
  return String(token);
}

async function post(url: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Record<string, unknown>;
}

/** Sends a message and answers the reply of that type; throws at a refusal. */
async function ask(socket: WebSocket, message: object, reply: string): Promise<unknown> {
  socket.send(JSON.stringify(message));
  for (;;) {
    const [data] = await once(socket, 'message');
    const answer = JSON.parse(String(data)) as { type: string; message?: string };
    if (answer.type === reply) return answer;
    if (answer.type === 'error') throw new Error(answer.message);
  }
}
