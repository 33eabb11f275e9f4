import type { RelayService } from '../../relay/relay-service.ts';
import type { SocketHub } from './socket-hub.ts';

/** Tells people in relayed rooms which tracks there are, and when their transports are gone. */
export function tellRelayNews(relay: RelayService, hub: SocketHub): void {
  relay.on('producers', (roomId, producers) => {
    hub.toRoom(roomId, { type: 'relay:producers', roomId, producers });
  });
  relay.on('closed', (roomId, peerIds, reason) => {
    const json = JSON.stringify({ type: 'relay:closed', roomId, reason });
    for (const peerId of peerIds) hub.deliver(roomId, peerId, json);
  });
}
