import { setTimeout as delay } from 'node:timers/promises';
import type { TestRedis } from '../../support/redis.ts';
import { startNode, type TestClock, TestMember, type TestNode } from '../rendezvous/node.ts';

/** A node that serves rooms with the others on this Redis. */
export function joinCluster(
  { secretFile }: Pick<TestRedis, 'secretFile'>,
  options: { url: string; clock: TestClock; roomsOnly?: boolean; clockOffMs?: number },
): Promise<TestNode> {
  return startNode({ cluster: { secretFile, roomsOnly: true, ...options } });
}

/** The same member, through another node. */
export function through(node: TestNode, member: TestMember): TestMember {
  return Object.assign(Object.create(TestMember.prototype), member, { node }) as TestMember;
}

/** Resolves once these nodes, and no others, know of each other, and all may decide. */
export async function haveMet(nodes: readonly TestNode[]): Promise<void> {
  const deadline = performance.now() + 10_000;
  const knowAll = ({ cluster }: TestNode) =>
    cluster?.bus.isSure && cluster.bus.others.size === nodes.length - 1;
  while (!nodes.every(knowAll)) {
    if (performance.now() > deadline) throw new Error('The nodes do not find each other.');
    await delay(20);
  }
}

/** Ends as a process does that is killed: nothing more is said to Redis or to anybody. */
export async function kill(node: TestNode): Promise<void> {
  node.cluster?.bus.removeAllListeners();
  await node.cluster?.bus.close();
  for (const client of node.app.websocketServer.clients) client.terminate();
}

export const roomPath = (roomId: string, rest = '') => `/api/signaling/rooms/${roomId}${rest}`;

export function offer(roomId: string, from: string, to: string) {
  return {
    ...{ type: 'signal:offer', roomId, from, to, ticket: 'ticket', proof: 'A'.repeat(86) },
    description: { type: 'offer', sdp: 'v=0' },
  };
}
