import type { RelayTransport } from '../../../protocol/relay.ts';
import type { Api } from '../../api/client.ts';

/** What a session asks of the relay of one room. */
export interface RelayApi {
  open: () => ReturnType<Api['openRelay']>;
  connect: (transportId: string, dtlsParameters: RelayTransport['dtlsParameters']) => Promise<void>;
  restartIce: (transportId: string) => Promise<RelayTransport['iceParameters']>;
  produce: (request: Parameters<Api['relayProduce']>[1]) => Promise<string>;
  consume: (
    request: Parameters<Api['relayConsume']>[1],
  ) => Promise<Awaited<ReturnType<Api['relayConsume']>>['consumers']>;
  updateConsumers: (request: Parameters<Api['relayUpdateConsumers']>[1]) => Promise<void>;
}

export function relayApiOf(api: Api, roomId: string): RelayApi {
  return {
    open: () => api.openRelay(roomId),
    connect: (transportId, dtlsParameters) =>
      api.relayConnect(roomId, { transportId, dtlsParameters }),
    restartIce: async (transportId) =>
      (await api.relayRestartIce(roomId, transportId)).iceParameters,
    produce: async (request) => (await api.relayProduce(roomId, request)).producerId,
    consume: async (request) => (await api.relayConsume(roomId, request)).consumers,
    updateConsumers: (request) => api.relayUpdateConsumers(roomId, request),
  };
}
