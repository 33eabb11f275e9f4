/**
 * How the two sides of the bridge find each other, before the contract begins. The messages
 * themselves are birpc's, over a MessagePort in Electron and a WebSocket in the browser host.
 */

/** The page's `<meta>` that names the bridge's path; present in the studio's own window alone. */
export const BRIDGE_META = 'swarm-bridge';

/** Where the browser host's bridge listens on its own origin. */
export const BRIDGE_PATH = '/bridge';

/** The WebSocket subprotocol both sides speak; the secret and the window's id go beside it. */
export const BRIDGE_PROTOCOL = 'swarm-bridge.v1';

/** Prefixes of the other subprotocols a window offers: RFC 6455 allows tokens only. */
export const SECRET_PROTOCOL_PREFIX = 'secret.';
/** Instead of the secret: a window of a start that crashed, see `window-return.ts`. */
export const RETURN_PROTOCOL_PREFIX = 'return.';
export const WINDOW_PROTOCOL_PREFIX = 'window.';

/** Close codes of the bridge's WebSocket (RFC 6455: 4000-4999 are an application's own). */
export const BRIDGE_CLOSE = {
  /** The launch secret is missing or is not this launch's. */
  refused: 4401,
  /** What arrived was not a message of the bridge. */
  malformed: 4400,
  /** The studio stops for good: there is nothing to come back to. */
  stopping: 4410,
} as const;

/** Electron: the preload asks main for a port on this channel. */
export const CONNECT_CHANNEL = 'swarm:connect-bridge';

/** Electron: the message that carries the port from the preload into the page. */
export const PORT_MESSAGE = 'swarm:bridge-port';

/** What Electron's preload puts on `window.swarmBridge`. */
export interface SwarmBridge {
  /** Answers with one `PORT_MESSAGE` posted to this window, its port attached. */
  connect(): void;
}

/** Main's one call to the window: an event of the contract. */
export const EVENT_METHOD = 'event';

/** A refusal of the bridge itself, beside the codes of the protocol. */
export type BridgeCode = 'unknown-method' | 'bridge-closed';
