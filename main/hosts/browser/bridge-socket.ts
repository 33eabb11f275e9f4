import { encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import {
  BRIDGE_CLOSE,
  BRIDGE_PROTOCOL,
  SECRET_PROTOCOL_PREFIX,
  WINDOW_PROTOCOL_PREFIX,
} from '../../../preload/wire.ts';
import { serveBridge } from '../../bridge/serve-bridge.ts';
import { webSocketChannel } from '../../bridge/web-socket-channel.ts';
import type { WindowPresence } from '../../bridge/window-presence.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Studio } from '../../studio.ts';
import type { LaunchSecret } from './launch-secret.ts';

export interface BridgeSocketContext {
  studio: Pick<Studio, 'api' | 'events'>;
  secret: LaunchSecret;
  windows: WindowPresence;
  logger: Logger;
}

/**
 * Serves one window's socket. A wrong secret is refused after the handshake, with a close code of
 * its own: a page can't read the status of a refused handshake, and would not know what to say.
 *
 * @param offered the subprotocols of the handshake: ours, the secret, the window's id.
 */
export function serveBridgeSocket(
  socket: WebSocket,
  offered: string | undefined,
  { studio, secret, windows, logger }: BridgeSocketContext,
): void {
  socket.on('error', (err) => logger.warn({ err }, 'a window’s bridge socket failed'));
  const protocols = (offered ?? '').split(',').map((protocol) => protocol.trim());
  const windowId = offeredValue(protocols, WINDOW_PROTOCOL_PREFIX);
  if (!windowId || !secret.matches(offeredValue(protocols, SECRET_PROTOCOL_PREFIX))) {
    logger.warn('a window without this start’s secret was turned away');
    socket.close(BRIDGE_CLOSE.refused, 'the launch secret is missing or old');
    return;
  }
  socket.send(encode({ protocol: BRIDGE_PROTOCOL }));
  windows.opened(windowId);
  socket.once('close', () => windows.closed(windowId));
  serveBridge({
    api: windows.watch(windowId, studio.api),
    events: studio.events,
    channel: webSocketChannel(socket),
    logger,
  });
}

function offeredValue(protocols: string[], prefix: string): string {
  return protocols.find((protocol) => protocol.startsWith(prefix))?.slice(prefix.length) ?? '';
}
