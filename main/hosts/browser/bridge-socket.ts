import { encode } from '@msgpack/msgpack';
import type { WebSocket } from 'ws';
import type { Greeting } from '../../../preload/window-return.ts';
import {
  BRIDGE_CLOSE,
  BRIDGE_PROTOCOL,
  RETURN_PROTOCOL_PREFIX,
  SECRET_PROTOCOL_PREFIX,
  WINDOW_PROTOCOL_PREFIX,
} from '../../../preload/wire.ts';
import { serveBridge } from '../../bridge/serve-bridge.ts';
import { webSocketChannel } from '../../bridge/web-socket-channel.ts';
import type { WindowPresence } from '../../bridge/window-presence.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Studio } from '../../studio.ts';
import type { LaunchSecret } from './launch-secret.ts';
import { provesItself } from './returning-window.ts';
import type { WindowReturn } from './window-return.ts';

export interface BridgeSocketContext {
  /** The window's own. */
  origin: string;
  studio: Pick<Studio, 'api' | 'events'>;
  secret: LaunchSecret;
  windows: WindowPresence;
  returns: WindowReturn;
  logger: Logger;
}

/**
 * Serves one window's socket. A wrong secret is refused after the handshake, with a close code of
 * its own: a page can't read the status of a refused handshake, and would not know what to say.
 *
 * @param offered the subprotocols of the handshake: ours, the secret or a nonce, the window's id.
 */
export async function serveBridgeSocket(
  socket: WebSocket,
  offered: string | undefined,
  context: BridgeSocketContext,
): Promise<void> {
  const { studio, secret, windows, returns, logger, origin } = context;
  socket.on('error', (err) => logger.warn({ err }, 'a window’s bridge socket failed'));
  const protocols = (offered ?? '').split(',').map((protocol) => protocol.trim());
  const windowId = offeredValue(protocols, WINDOW_PROTOCOL_PREFIX);
  const windowNonce = offeredValue(protocols, RETURN_PROTOCOL_PREFIX);
  const knows = secret.matches(offeredValue(protocols, SECRET_PROTOCOL_PREFIX));
  const returned =
    windowId !== '' &&
    windowNonce !== '' &&
    (await provesItself(socket, returns, { origin, windowId, windowNonce }));
  if (!windowId || !(knows || returned)) {
    logger.warn('a window without this start’s secret was turned away');
    socket.close(BRIDGE_CLOSE.refused, 'the launch secret is missing or old');
    return;
  }
  const greeting: Greeting = {
    protocol: BRIDGE_PROTOCOL,
    returnKey: returns.keyOf(windowId),
    ...(returned && { secret: secret.value }),
  };
  socket.send(encode(greeting));
  if (returned) {
    logger.info('a window came back that was open when the studio crashed');
    returns.cameBack();
  }
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
