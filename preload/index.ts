import { contextBridge, ipcRenderer } from 'electron';
import { CONNECT_CHANNEL, PORT_MESSAGE, type SwarmBridge } from './wire.ts';

/**
 * All that the page gets of Electron: a port to main. Ports can't pass through `contextBridge`,
 * so it is posted into the window that asked, and to our own origin only.
 */
const bridge: SwarmBridge = {
  connect() {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage(CONNECT_CHANNEL, undefined, [port2]);
    window.postMessage(PORT_MESSAGE, window.location.origin, [port1]);
  },
};

contextBridge.exposeInMainWorld('swarmBridge', bridge);
