import { observer, type types } from 'mediasoup';

/** What goes from one of this process's relay workers to another from now on. */
export function watchPipes(): types.Consumer[] {
  const piped: types.Consumer[] = [];
  observer.on('newworker', (worker) => {
    worker.observer.on('newrouter', (router: types.Router) => {
      router.observer.on('newtransport', (transport: types.Transport) => {
        if (transport.type !== 'pipe') return;
        transport.observer.on('newconsumer', (consumer: types.Consumer) => piped.push(consumer));
      });
    });
  });
  return piped;
}

/** Of each open pipe for this kind, whether media has gone through it. */
export async function carryMedia(
  piped: readonly types.Consumer[],
  kind: 'audio' | 'video',
): Promise<boolean[]> {
  const consumers = piped.filter((consumer) => consumer.kind === kind && !consumer.closed);
  return Promise.all(
    consumers.map(async (consumer) =>
      (await consumer.getStats()).some(
        (entry) => entry.type === 'outbound-rtp' && entry.byteCount > 0,
      ),
    ),
  );
}
