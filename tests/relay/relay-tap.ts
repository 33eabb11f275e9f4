import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { observer, type types } from 'mediasoup';

/**
 * Loaded into a studio before it starts (`node --import`): keeps what its relay gets, as the relay
 * gets it, in the folder `SWARM_RELAY_TAP`: RTP packets by producer, each behind its length.
 */
const folder = process.env.SWARM_RELAY_TAP;
if (folder === undefined) throw new Error('SWARM_RELAY_TAP names no folder.');

const asked: Promise<unknown>[] = [];
observer.on('newworker', (worker) => {
  worker.observer.on('newrouter', (router: types.Router) => {
    router.observer.on('newtransport', (transport: types.Transport) => {
      transport.observer.on('newproducer', (producer: types.Producer) => {
        asked.push(listen(router, producer));
      });
    });
  });
});

async function listen(router: types.Router, producer: types.Producer): Promise<void> {
  const direct = await router.createDirectTransport();
  const consumer = await direct.consume({
    producerId: producer.id,
    rtpCapabilities: router.rtpCapabilities,
  });
  consumer.on('rtp', (packet) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(packet.length);
    appendFileSync(
      join(String(folder), `${producer.kind}-${producer.id}.rtp`),
      Buffer.concat([length, packet]),
    );
  });
}
