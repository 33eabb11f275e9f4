import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SessionKeeper } from '../../../renderer/identity/session-keeper.ts';
import {
  SignallingClient,
  type SignallingEvents,
} from '../../../renderer/rooms/signalling-client.ts';
import { memberOf, startNode, type TestMember, type TestNode } from '../rendezvous/node.ts';

/** A network between a client and the node that the test can cut, or make swallow everything. */
class Network {
  readonly #server: Server;
  readonly #pairs = new Set<[Socket, Socket]>();
  #silent = false;

  private constructor(target: number) {
    this.#server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      const pair: [Socket, Socket] = [near, far];
      this.#pairs.add(pair);
      for (const [from, to] of [pair, [far, near]] as const) {
        from.on('data', (data) => this.#silent || to.write(data));
        from.on('error', () => to.destroy());
        from.on('close', () => {
          to.destroy();
          this.#pairs.delete(pair);
        });
      }
    });
  }

  static async to(node: TestNode): Promise<Network> {
    const network = new Network(Number(new URL(node.url).port));
    await new Promise<void>((resolve) => network.#server.listen(0, '127.0.0.1', resolve));
    return network;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws`;
  }

  cut(): void {
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  swallow(): void {
    this.#silent = true;
  }

  carry(): void {
    this.#silent = false;
  }

  close(): void {
    this.#server.close();
    this.cut();
  }
}

let node: TestNode;
let network: Network;
let ada: TestMember;
let lin: TestMember;
const clients: SignallingClient[] = [];

beforeEach(async () => {
  node = await startNode();
  network = await Network.to(node);
  ada = await memberOf(node, 'ada');
  lin = await memberOf(node, 'lin');
});

afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.close();
  network.close();
  await node.close();
});

describe('the way to the node', () => {
  it('joins a room over the open socket and hears who is in it', async () => {
    const { room, peerId } = await ada.createRoom();
    const client = clientOf(lin);
    await client.open();
    const roster = next(client, 'message', ({ type }) => type === 'room:update');
    const joined = await client.join({ roomId: room.roomId });
    expect(joined.room.title).toBe('Test room');
    expect(client.meshTicket).toBe(joined.meshTicket);
    expect(await roster).toMatchObject({
      participants: expect.arrayContaining([
        expect.objectContaining({ peerId }),
        expect.objectContaining({ peerId: joined.peerId }),
      ]),
    });
  });

  it('hands on the node’s refusal, and goes on working', async () => {
    const client = clientOf(lin);
    await expect(client.join({ roomId: 'room_0123456789abcdef' })).rejects.toMatchObject({
      code: 'room-not-found',
    });
    const { room } = await ada.createRoom();
    await client.join({ roomId: room.roomId });
    expect(client.state).toBe('online');
  });

  it('says what to do when nobody answers', async () => {
    const client = clientOf(lin);
    network.close();
    await expect(client.open()).rejects.toThrow('Check your connection');
    expect(client.state).toBe('offline');
  });

  it('enters under the present name when it was changed after the socket opened', async () => {
    let handle = 'first-name';
    const { client, keeper } = renamableClient(lin, () => handle);
    await client.open();
    handle = 'second-name';
    keeper.reset();
    const { room } = await ada.createRoom();
    expect((await client.join({ roomId: room.roomId })).participant.handle).toBe('second-name');
  });
});

describe('a lost socket', () => {
  it('is made anew, and the room had back as the same peer', async () => {
    const { client, peerId } = await inRoom();
    const states: string[] = [];
    client.on('state', (state) => states.push(state));
    const back = next(client, 'rejoined');
    network.cut();
    expect((await back).peerId).toBe(peerId);
    expect(states).toEqual(['retrying', 'online']);
  });

  it('is noticed though nobody closed it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client } = await inRoom();
    network.swallow();
    // At the latest: the next heartbeat after 20 s, and 10 s without its echo.
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.state).toBe('retrying');
  });

  it('is not made anew for a room that was left', async () => {
    const { client } = await inRoom();
    client.leaveRoom();
    const offline = next(client, 'state');
    network.cut();
    expect(await offline).toBe('offline');
  });

  it('ends the room for us when it was closed meanwhile', async () => {
    const { client, roomId } = await inRoom();
    const lost = next(client, 'lost');
    // The client does not hear of the end.
    network.swallow();
    await ada.call('DELETE', `/api/signaling/rooms/${roomId}`);
    network.cut();
    network.carry();
    expect(await lost).toMatchObject({ code: 'room-closed' });
    expect(client.state).toBe('online');
  });
});

describe('the same person in a second tab', () => {
  it('ends the room for the first tab, which does not fight for it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { client: first, roomId, peerId } = await inRoom();
    const states: string[] = [];
    first.on('state', (state) => states.push(state));
    const replaced = next(first, 'replaced');
    const second = clientOf(lin);
    const { peerId: samePeer } = await second.join({ roomId });
    expect(samePeer).toBe(peerId);
    expect(await replaced).toEqual({ roomId });
    await vi.advanceTimersByTimeAsync(1000);
    expect(states).toEqual(['offline']);
    expect(second.state).toBe('online');
    expect(node.registry.participants(roomId)).toHaveLength(2);
  });

  it('can be taken back by joining again in the first', async () => {
    const { client: first, roomId } = await inRoom();
    const replaced = next(first, 'replaced');
    const second = clientOf(lin);
    await second.join({ roomId });
    await replaced;
    const secondReplaced = next(second, 'replaced');
    await first.join({ roomId });
    expect(await secondReplaced).toEqual({ roomId });
    expect(first.state).toBe('online');
  });
});

/** Lin, in a room of Ada's. */
async function inRoom() {
  const { room } = await ada.createRoom();
  const client = clientOf(lin);
  const { peerId } = await client.join({ roomId: room.roomId });
  return { client, peerId, roomId: room.roomId };
}

function clientOf(member: TestMember): SignallingClient {
  return renamableClient(member, () => member.handle).client;
}

function renamableClient(member: TestMember, handle: () => string) {
  const keeper = new SessionKeeper({
    profile: () => ({ handle: handle(), displayName: handle(), guest: false }),
    open: async (profile) => (await member.signIn({ handle: profile.handle })).json,
  });
  const retry = { delayMs: () => 20 };
  const client = new SignallingClient({ url: network.url, sessions: keeper, retry });
  clients.push(client);
  return { client, keeper };
}

/** The next event, or the next that matches. */
function next<E extends keyof SignallingEvents>(
  client: SignallingClient,
  event: E,
  matches: (payload: SignallingEvents[E]) => boolean = () => true,
): Promise<SignallingEvents[E]> {
  return new Promise((resolve) => {
    const stop = client.on(event, (payload) => {
      if (!matches(payload)) return;
      stop();
      resolve(payload);
    });
  });
}
