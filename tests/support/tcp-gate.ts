import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a TCP server that can be cut and mended. */
export interface TcpGate {
  port: number;
  /** Nothing passes any more, and nobody is told: as where a cable is pulled. */
  cut(): void;
  /** What was connected is broken off; new connections go to another port. */
  lead(port: number): void;
  /** What was connected is broken off; new connections pass again. */
  mend(): void;
  close(): Promise<void>;
}

/** Opens a gate on loopback to a port of this machine. */
export async function openGate(target: number): Promise<TcpGate> {
  let port = target;
  const pairs = new Set<[Socket, Socket]>();
  let isCut = false;
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const pair: [Socket, Socket] = [client, upstream];
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.on('data', (data: Buffer) => {
        if (!isCut) to.write(data);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const breakOff = () => {
    for (const [client, upstream] of pairs) {
      client.destroy();
      upstream.destroy();
    }
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut() {
      isCut = true;
    },
    lead(to) {
      port = to;
      breakOff();
    },
    mend() {
      isCut = false;
      breakOff();
    },
    async close() {
      breakOff();
      server.close();
      await once(server, 'close');
    },
  };
}
