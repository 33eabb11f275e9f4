import { once } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { type Crowd, PEERS } from './crowd.ts';

/** As often as PeerJS' client does; a silent one is dropped after a minute. */
const PEERJS_HEARTBEAT_MS = 5_000;

const everybody = Array.from({ length: PEERS }, (_, peer) => peer);

/** Peers of the bare `ws` relay. */
export async function bareCrowd(port: number): Promise<Crowd> {
  const sockets = await openSockets((peer) => `ws://127.0.0.1:${port}/?id=${peer}`);
  return overSockets(sockets, (from, to, payload) =>
    JSON.stringify({ from: String(from), to: String(to), payload }),
  );
}

/** Peers of a PeerServer, in PeerJS' own words. */
export async function peerJsCrowd(port: number): Promise<Crowd> {
  const sockets = await openSockets(
    (peer) => `ws://127.0.0.1:${port}/peerjs?key=peerjs&id=peer-${peer}&token=token-${peer}`,
  );
  const heartbeat = setInterval(() => {
    for (const socket of sockets) socket.send('{"type":"HEARTBEAT"}');
  }, PEERJS_HEARTBEAT_MS);
  const crowd = overSockets(sockets, (from, to, payload) =>
    JSON.stringify({ type: 'CANDIDATE', src: `peer-${from}`, dst: `peer-${to}`, payload }),
  );
  return {
    ...crowd,
    close: () => {
      clearInterval(heartbeat);
      crowd.close();
    },
  };
}

/** Peers of a socket.io server, over its own client, WebSocket alone. */
export async function socketIoCrowd(port: number): Promise<Crowd> {
  const sockets: Socket[] = await Promise.all(
    everybody.map(async (peer) => {
      const socket = io(`http://127.0.0.1:${port}`, {
        transports: ['websocket'],
        forceNew: true,
        query: { id: String(peer) },
      });
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      return socket;
    }),
  );
  let listener: (to: number, payload: string) => void = () => undefined;
  for (const [peer, socket] of sockets.entries()) {
    socket.on('signal', ({ payload }: { payload: string }) => listener(peer, payload));
  }
  return {
    send: (from, to, payload) => {
      sockets[from]?.emit('signal', { from: String(from), to: String(to), payload });
    },
    onPayload: (to) => {
      listener = to;
    },
    close: () => {
      for (const socket of sockets) socket.disconnect();
    },
  };
}

/** A crowd of plain WebSockets; `wrap` makes the text that is sent. */
export function overSockets(
  sockets: readonly WebSocket[],
  wrap: (from: number, to: number, payload: string) => string,
): Crowd {
  let listener: (to: number, payload: string) => void = () => undefined;
  for (const [peer, socket] of sockets.entries()) {
    socket.on('message', (data) => listener(peer, data.toString()));
  }
  return {
    send: (from, to, payload) => sockets[from]?.send(wrap(from, to, payload)),
    onPayload: (to) => {
      listener = to;
    },
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}

/** Opens a socket for each of the peers. */
export function openSockets(urlOf: (peer: number) => string): Promise<WebSocket[]> {
  return Promise.all(
    everybody.map(async (peer) => {
      const socket = new WebSocket(urlOf(peer));
      await once(socket, 'open');
      return socket;
    }),
  );
}
