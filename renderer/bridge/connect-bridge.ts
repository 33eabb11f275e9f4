import { BRIDGE_META, type SwarmBridge } from '../../preload/wire.ts';
import type { Bridge } from './bridge.ts';
import { keepLaunchSecret, newWindowId, takeLaunchSecret } from './launch-secret.ts';
import { openBridge } from './open-bridge.ts';
import { openPortChannel } from './port-channel.ts';
import { openSocketChannel, type WindowPass } from './socket-channel.ts';

declare global {
  interface Window {
    /** Electron's preload; absent in a browser. */
    swarmBridge?: SwarmBridge;
  }
}

/**
 * Connects this window to the studio that opened it; `undefined` in a guest's tab, which has
 * none. Call it before the router reads the address: it takes the launch secret out of it.
 * Rejects with `BridgeRefused` when the secret is missing or old, with a `BridgeFailure`
 * (`bridge-closed`) when the studio does not answer.
 */
export async function connectBridge(): Promise<Bridge | undefined> {
  const electron = window.swarmBridge;
  if (electron) return openBridge(() => openPortChannel(electron));
  const path = document.querySelector<HTMLMetaElement>(`meta[name="${BRIDGE_META}"]`)?.content;
  if (!path) return undefined;
  const url = new URL(path, location.href);
  url.protocol = 'ws:';
  const pass: WindowPass = {
    windowId: newWindowId(),
    origin: location.origin,
    secret: takeLaunchSecret(),
  };
  return openBridge(async () => {
    const channel = await openSocketChannel(url.href, pass);
    // A reload of this window is one of the studio's present start.
    keepLaunchSecret(pass.secret);
    return channel;
  });
}
