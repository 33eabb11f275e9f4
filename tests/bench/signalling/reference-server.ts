import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PeerServer } from 'peer';
import { Server } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The servers that the node is compared with, each alone in a process of its own:
 *
 *   node reference-server.ts ws|socket.io|peerjs
 *
 * Prints its port once it listens.
 */
const kind = process.argv[2];
switch (kind) {
  case 'ws':
    bareRelay();
    break;
  case 'socket.io':
    socketIo();
    break;
  case 'peerjs':
    peerJs();
    break;
  default:
    throw new Error(`There is no reference called "${kind}".`);
}

/** The least there is: who a message is for is read from it, and its bytes go there as they came. */
function bareRelay(): void {
  const sockets = new Map<string, WebSocket>();
  const server = createServer();
  const relay = new WebSocketServer({ server });
  relay.on('connection', (socket, request) => {
    sockets.set(new URL(request.url ?? '/', 'ws://relay').searchParams.get('id') ?? '', socket);
    socket.on('message', (data, isBinary) => {
      const { to } = JSON.parse(data.toString()) as { to: string };
      sockets.get(to)?.send(data, { binary: isBinary });
    });
  });
  server.listen(0, '127.0.0.1', () => ready(server.address()));
}

function socketIo(): void {
  const server = createServer();
  const io = new Server(server, { transports: ['websocket'] });
  io.on('connection', (socket) => {
    void socket.join(String(socket.handshake.query.id));
    socket.on('signal', (message: { to: string }) => io.to(message.to).emit('signal', message));
  });
  server.listen(0, '127.0.0.1', () => ready(server.address()));
}

function peerJs(): void {
  PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (server) => ready(server.address()));
}

function ready(address: AddressInfo | string | null): void {
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  console.log(address.port);
}
