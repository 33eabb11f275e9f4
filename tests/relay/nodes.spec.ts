import { join } from 'node:path';
import type { Page } from 'playwright';
import { openRelay } from '../../main/relay/open-relay.ts';
import type { RelayService } from '../../main/relay/relay-service.ts';
import { haveMet, kill, through } from '../integration/cluster/cluster-nodes.ts';
import { memberOf, startNode, TestClock, type TestNode } from '../integration/rendezvous/node.ts';
import { enterRoom, readTiles } from '../support/people.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { openGate, type TcpGate } from '../support/tcp-gate.ts';
import { expect, test } from '../support/temporary-studio.ts';
import { carryMedia, watchPipes } from './piped-tracks.ts';

interface RelayingNode {
  node: TestNode;
  relay: RelayService;
  /** What people connect to, as to a load balancer. */
  gate: TcpGate;
}

const originOf = ({ port }: TcpGate) => `http://127.0.0.1:${port}`;

async function relayingNode(
  redis: TestRedis,
  name: string,
  options: { roomsOnly: boolean; clock: TestClock; gates: readonly TcpGate[]; gate: TcpGate },
): Promise<RelayingNode> {
  const { roomsOnly, clock, gates, gate } = options;
  let opened: RelayService | undefined;
  const node = await startNode({
    uiDir: join(import.meta.dirname, '../../out/renderer'),
    allowedOrigins: gates.map(originOf),
    cluster: { url: redis.url, secretFile: redis.secretFile, roomsOnly, clock, name },
    relay: async ({ registry, logger }) => {
      const listening = { ip: '127.0.0.1' };
      opened = await openRelay({ registry, logger, name, workers: 1, listening });
      if (!opened) throw new Error('There is no relay.');
      return opened;
    },
  });
  gate.lead(Number(new URL(node.url).port));
  if (!opened) throw new Error('There is no relay.');
  return { node, relay: opened, gate };
}

/** Everybody hears and sees the other one, relayed by these nodes. */
async function expectRelayed(pages: readonly Page[], names: string): Promise<void> {
  for (const page of pages) {
    await expect(page.getByText(`Relayed by ${names}, end-to-end encrypted`)).toBeVisible({
      timeout: 30_000,
    });
    const other = async () =>
      (await readTiles(page)).some((tile) => !tile.self && tile.framesIn2s > 0 && tile.peakRms > 0);
    await expect.poll(other, { timeout: 30_000 }).toBe(true);
  }
}

test('people on two nodes see and hear each other, also when the node of the room is killed', async ({
  studio,
}) => {
  const piped = watchPipes();
  const redis = await startRedis();
  const clock = new TestClock();
  const gates = [await openGate(1), await openGate(1)] as const;
  const nodes: RelayingNode[] = [];
  try {
    const common = { clock, gates };
    const home = await relayingNode(redis, 'Home', { ...common, roomsOnly: false, gate: gates[0] });
    nodes.push(home);
    const away = await relayingNode(redis, 'Away', { ...common, roomsOnly: true, gate: gates[1] });
    nodes.push(away);
    await haveMet(nodes.map(({ node }) => node));
    // The room is the second node's: members and posts survive it.
    const host = through(away.node, await memberOf(home.node, 'host'));
    const { room, invites } = await host.createRoom();
    const path = `/api/signaling/rooms/${room.roomId}/relay`;
    expect((await host.call('POST', path, { enabled: true })).status).toBe(200);
    const way = `/join/${room.roomId}#invite=${invites[0]?.token}`;
    const [ada, grace] = [await studio.person(), await studio.person()];
    await enterRoom(ada, `${originOf(gates[0])}${way}`, 'Ada');
    await enterRoom(grace, `${originOf(gates[1])}${way}`, 'Grace');
    await expectRelayed([ada, grace], 'Away, Home');
    for (const kind of ['audio', 'video'] as const) {
      await expect.poll(() => carryMedia(piped, kind)).toEqual([true, true]);
    }

    await kill(away.node);
    away.relay.close();
    away.gate.lead(home.gate.port);
    await expectRelayed([ada, grace], 'Home');
  } finally {
    for (const { node } of nodes) await node.close();
    for (const gate of gates) await gate.close();
    await redis.stop();
  }
});
