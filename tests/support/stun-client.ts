import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const COOKIE = 0x2112a442;
const METHOD = { binding: 0x0001, allocate: 0x0003, refresh: 0x0004 } as const;
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
} as const;
/** Protocol number 17 and three reserved bytes (RFC 8656, section 18.8). */
const OVER_UDP = Buffer.from([17, 0, 0, 0]);

/** What a server answered: `granted`, or refused with an error code (401: who are you?). */
export type Answer = { granted: true } | { granted: false; code: number };

interface Message {
  isError: boolean;
  attributes: Map<number, Buffer>;
}

/**
 * One client of a STUN or TURN server over UDP: as much of RFC 8489 and RFC 8656 as it takes to
 * ask for a relay and to keep it.
 */
export class StunClient {
  readonly #socket: Socket;
  #realm: Buffer = Buffer.alloc(0);
  #nonce: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(server: { host: string; port: number }): Promise<StunClient> {
    const socket = createSocket('udp4');
    socket.connect(server.port, server.host);
    await once(socket, 'connect');
    return new StunClient(socket);
  }

  close(): void {
    this.#socket.close();
  }

  /** Rejects where nobody listens (yet). */
  async binding(): Promise<void> {
    await this.#request(METHOD.binding, []);
  }

  /** Asks for a relay; with no credentials as a stranger does. */
  allocate(credentials?: { username: string; credential: string }): Promise<Answer> {
    return this.#asked(METHOD.allocate, [[ATTRIBUTE.requestedTransport, OVER_UDP]], credentials);
  }

  /** Asks to keep it for so long; 0 gives it back. */
  refresh(seconds: number, credentials: { username: string; credential: string }): Promise<Answer> {
    const lifetime = Buffer.alloc(4);
    lifetime.writeUInt32BE(seconds);
    return this.#asked(METHOD.refresh, [[ATTRIBUTE.lifetime, lifetime]], credentials);
  }

  async #asked(
    method: number,
    attributes: [number, Buffer][],
    credentials: { username: string; credential: string } | undefined,
  ): Promise<Answer> {
    // The first answer to a stranger brings the realm and the nonce that are signed from then on.
    if (credentials && this.#nonce.length === 0) await this.#request(method, attributes);
    return answerOf(await this.#request(method, attributes, credentials));
  }

  async #request(
    method: number,
    attributes: [number, Buffer][],
    credentials?: { username: string; credential: string },
  ): Promise<Message> {
    const id = randomBytes(12);
    const signed = credentials
      ? sign(method, id, attributes, { ...credentials, realm: this.#realm, nonce: this.#nonce })
      : encode(method, id, attributes);
    this.#socket.send(signed);
    const message = await this.#answerTo(id);
    this.#realm = message.attributes.get(ATTRIBUTE.realm) ?? this.#realm;
    this.#nonce = message.attributes.get(ATTRIBUTE.nonce) ?? this.#nonce;
    return message;
  }

  async #answerTo(id: Buffer): Promise<Message> {
    for (;;) {
      const [packet]: Buffer[] = await once(this.#socket, 'message');
      if (packet?.subarray(8, 20).equals(id)) return decode(packet);
    }
  }
}

function answerOf({ isError, attributes }: Message): Answer {
  if (!isError) return { granted: true };
  const code = attributes.get(ATTRIBUTE.errorCode);
  return { granted: false, code: (code?.[2] ?? 0) * 100 + (code?.[3] ?? 0) };
}

/** Long-term credentials (RFC 8489, section 9.2): the HMAC covers a length that counts itself. */
function sign(
  method: number,
  id: Buffer,
  attributes: [number, Buffer][],
  as: { username: string; credential: string; realm: Buffer; nonce: Buffer },
): Buffer {
  const named: [number, Buffer][] = [
    ...attributes,
    [ATTRIBUTE.username, Buffer.from(as.username)],
    [ATTRIBUTE.realm, as.realm],
    [ATTRIBUTE.nonce, as.nonce],
  ];
  const key = createHash('md5').update(`${as.username}:${as.realm}:${as.credential}`).digest();
  const unsigned = encode(method, id, [...named, [ATTRIBUTE.integrity, Buffer.alloc(20)]]);
  const digest = createHmac('sha1', key).update(unsigned.subarray(0, -24)).digest();
  return encode(method, id, [...named, [ATTRIBUTE.integrity, digest]]);
}

function encode(method: number, id: Buffer, attributes: [number, Buffer][]): Buffer {
  const body = Buffer.concat(
    attributes.map(([type, value]) => {
      const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
      padded.writeUInt16BE(type, 0);
      padded.writeUInt16BE(value.length, 2);
      value.copy(padded, 4);
      return padded;
    }),
  );
  const head = Buffer.alloc(8);
  head.writeUInt16BE(method, 0);
  head.writeUInt16BE(body.length, 2);
  head.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([head, id, body]);
}

function decode(packet: Buffer): Message {
  const attributes = new Map<number, Buffer>();
  for (let at = 20; at + 4 <= packet.length; ) {
    const length = packet.readUInt16BE(at + 2);
    attributes.set(packet.readUInt16BE(at), packet.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return { isError: (packet.readUInt16BE(0) & 0x0110) === 0x0110, attributes };
}
