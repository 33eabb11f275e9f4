import { join } from 'node:path';
import { openRelay } from '../../main/relay/open-relay.ts';
import { memberOf, startNode } from '../integration/rendezvous/node.ts';
import { enterRoom, readTiles } from '../support/people.ts';
import { expect, test } from '../support/temporary-studio.ts';
import { carryMedia, watchPipes } from './piped-tracks.ts';

test('people of one room see and hear each other from different workers', async ({ studio }) => {
  const piped = watchPipes();
  const node = await startNode({
    uiDir: join(import.meta.dirname, '../../out/renderer'),
    relay: async ({ registry, logger }) => {
      const relay = await openRelay({
        ...{ registry, logger, name: 'Choir', workers: 2, peersPerPlace: 1 },
        listening: { ip: '127.0.0.1' },
      });
      if (!relay) throw new Error('There is no relay.');
      return relay;
    },
  });
  try {
    const host = await memberOf(node, 'host');
    const { room, invites } = await host.createRoom();
    const path = `/api/signaling/rooms/${room.roomId}/relay`;
    expect((await host.call('POST', path, { enabled: true })).status).toBe(200);
    const link = `${node.url}/join/${room.roomId}#invite=${invites[0]?.token}`;
    const [ada, grace] = [await studio.person(), await studio.person()];
    await enterRoom(ada, link, 'Ada');
    await enterRoom(grace, link, 'Grace');
    for (const page of [ada, grace]) {
      await expect
        .poll(async () => {
          const other = (await readTiles(page)).find((tile) => !tile.self && tile.framesIn2s > 0);
          return other !== undefined && other.peakRms > 0;
        })
        .toBe(true);
      await expect(page.getByText('Relayed by Choir, end-to-end encrypted')).toBeVisible();
    }
    for (const kind of ['audio', 'video'] as const) {
      expect(await carryMedia(piped, kind)).toEqual([true, true]);
    }
  } finally {
    await node.close();
  }
});
