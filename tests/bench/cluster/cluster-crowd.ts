import { WebSocket } from 'ws';
import type { ServerMessage } from '../../../protocol/messages.ts';
import { stampedPayload } from '../signalling/crowd.ts';
import type { SessionSigner } from './member-tokens.ts';

/** Loopback has 16 million addresses; a node lets each open so many sockets a minute. */
const SOCKETS_PER_ADDRESS = 500;
/** Sockets that are being opened at one time. */
const OPENING = 100;
const RECONNECT_MS = { first: 100, most: 1_000 };

interface Person {
  number: number;
  token: string;
  socket: WebSocket | undefined;
  roomId: string;
  peerId: string;
  /** People in the room, as last told. */
  roster: number;
  connectMs: number;
  joinMs: number;
}

export interface CrowdOptions {
  sign: SessionSigner;
  /** Where nodes answer, e.g. `http://127.0.0.1:41234`: people are spread over them. */
  nodes: () => readonly string[];
  rooms: number;
  peoplePerRoom: number;
}

/** People with a socket each, in rooms, who come back through another node when theirs is gone. */
export class ClusterCrowd {
  readonly people: Person[] = [];
  readonly #options: CrowdOptions;
  #payload: (to: Person, text: string) => void = () => undefined;
  #isClosed = false;
  /** When somebody whose socket was lost was last told of their room again. */
  lastBackAt = 0;
  away = 0;

  private constructor(options: CrowdOptions) {
    this.#options = options;
  }

  static async gather(options: CrowdOptions): Promise<ClusterCrowd> {
    const crowd = new ClusterCrowd(options);
    const { rooms, peoplePerRoom, sign } = options;
    for (let number = 0; number < rooms * peoplePerRoom; number += 1) {
      const token = await sign(number);
      const empty = { socket: undefined, roomId: '', peerId: '', roster: 0 };
      crowd.people.push({ number, token, ...empty, connectMs: 0, joinMs: 0 });
    }
    await inTurns(crowd.people, (person) => crowd.#connect(person));
    const hosts = crowd.people.filter(({ number }) => number % peoplePerRoom === 0);
    await inTurns(hosts, (host) => crowd.#create(host));
    const guests = crowd.people.filter(({ number }) => number % peoplePerRoom !== 0);
    await inTurns(guests, (guest) => crowd.#join(guest));
    return crowd;
  }

  onPayload(listener: (to: Person, text: string) => void): void {
    this.#payload = listener;
  }

  /** To the `turn`-th of the others in the room, going round. */
  send(from: Person, turn: number): void {
    const { peoplePerRoom } = this.#options;
    const first = from.number - (from.number % peoplePerRoom);
    const place =
      ((from.number % peoplePerRoom) + 1 + (turn % (peoplePerRoom - 1))) % peoplePerRoom;
    const to = this.people[first + place];
    if (!to || from.socket?.readyState !== WebSocket.OPEN) return;
    from.socket.send(
      JSON.stringify({
        ...{ type: 'signal:candidate', roomId: from.roomId, from: from.peerId, to: to.peerId },
        candidate: { candidate: stampedPayload(from.number) },
      }),
    );
  }

  close(): void {
    this.#isClosed = true;
    for (const { socket } of this.people) socket?.terminate();
  }

  async #connect(person: Person): Promise<void> {
    const startedAt = performance.now();
    await this.#open(person);
    person.connectMs = performance.now() - startedAt;
  }

  /** Resolves when it is authenticated; rejects where that fails. */
  #open(person: Person): Promise<void> {
    const nodes = this.#options.nodes();
    const node = nodes[person.number % nodes.length];
    const host = 1 + Math.floor(person.number / SOCKETS_PER_ADDRESS);
    const socket = new WebSocket(`${String(node).replace('http', 'ws')}/ws`, {
      localAddress: `127.0.0.${host}`,
    });
    person.socket = socket;
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('open', () => {
        socket.send(JSON.stringify({ type: 'authenticate', token: person.token }));
      });
      socket.on('message', (data) => {
        const text = data.toString();
        if (text.includes('"signal:candidate"')) {
          this.#payload(person, text);
          return;
        }
        const message = JSON.parse(text) as ServerMessage;
        if (message.type === 'authenticated') resolve();
        if (message.type === 'room:update') this.#updated(person, message.participants.length);
        if (message.type === 'error') reject(new Error(`${message.code}: ${message.message}`));
      });
      socket.on('close', () => {
        if (!this.#isClosed && person.socket === socket) void this.#comeBack(person);
      });
    });
  }

  #updated(person: Person, roster: number): void {
    if (person.roster === -1) {
      this.away -= 1;
      this.lastBackAt = performance.now();
    }
    person.roster = roster;
  }

  async #comeBack(person: Person): Promise<void> {
    if (person.roster !== -1) this.away += 1;
    person.roster = -1;
    for (let delayMs = RECONNECT_MS.first; !this.#isClosed; ) {
      await new Promise((resolve) => setTimeout(resolve, delayMs * (0.5 + Math.random() / 2)));
      const isOpen = await this.#open(person).then(
        () => true,
        () => false,
      );
      if (isOpen) return;
      delayMs = Math.min(RECONNECT_MS.most, delayMs * 2);
    }
  }

  async #create(host: Person): Promise<void> {
    const room = { context: 'profile', title: `Room ${host.number}`, visibility: 'public' };
    const created = await this.#ask(host, { type: 'room:create', ...room }, 'room:created');
    host.roomId = created.room.roomId;
    host.peerId = created.peerId;
  }

  async #join(guest: Person): Promise<void> {
    const { peoplePerRoom } = this.#options;
    const host = this.people[guest.number - (guest.number % peoplePerRoom)];
    const startedAt = performance.now();
    guest.roomId = host?.roomId ?? '';
    const asked = { type: 'room:join', roomId: guest.roomId };
    guest.peerId = (await this.#ask(guest, asked, 'room:joined')).peerId;
    guest.joinMs = performance.now() - startedAt;
  }

  #ask<T extends 'room:created' | 'room:joined'>(
    { socket }: Person,
    message: object,
    answer: T,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    return new Promise((resolve, reject) => {
      const listen = (data: Buffer) => {
        const said = JSON.parse(data.toString()) as ServerMessage;
        if (said.type !== answer && said.type !== 'error') return;
        socket?.off('message', listen);
        if (said.type === 'error') reject(new Error(`${said.code}: ${said.message}`));
        else resolve(said as Extract<ServerMessage, { type: T }>);
      };
      socket?.on('message', listen);
      socket?.send(JSON.stringify(message));
    });
  }
}

/** So many at one time, each after the one before it. */
async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const workers = Array.from({ length: OPENING }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await act(item);
  });
  await Promise.all(workers);
}
