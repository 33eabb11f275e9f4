import pino from 'pino';
import { expect, it } from 'vitest';
import { endRelaying } from '../../../main/relay/end-relaying.ts';
import { RoomRegistry } from '../../../main/rendezvous/room-registry.ts';
import { SqliteRoomStore } from '../../../main/rendezvous/sqlite-room-store.ts';
import { openDatabase } from '../../../main/storage/database.ts';

const HOST = {
  userId: `u_${'h'.repeat(22)}`,
  publicKey: 'A'.repeat(43),
  handle: 'host',
  displayName: 'Host',
  scopes: [],
  guest: false,
};

it('a relayed room is so after a restart too, and a mesh where nothing is relayed any more', () => {
  const db = openDatabase(':memory:');
  const logger = pino({ enabled: false });
  const start = () =>
    new RoomRegistry({ clock: Date.now, store: new SqliteRoomStore({ db, logger }) });
  const before = start();
  const { roomId } = before.create(HOST, {
    ...{ context: 'profile', projectId: undefined, title: 'Choir', visibility: 'public' },
  });
  before.setTopology(roomId, 'Choir');
  before.flush();

  const after = start();
  expect(after.get(roomId)).toMatchObject({ topology: 'relay', relayedBy: 'Choir' });
  endRelaying(after, logger);
  expect(after.get(roomId)?.topology).toBeUndefined();
  db.close();
});
