import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A candidate line (RFC 8839, section 5.1): what comes before its address, its place, the rest. */
const CANDIDATE = /^(?:a=)?candidate:\S+ \d+ (\S+) \d+ (\S+) (\d+) typ (\S+)/;

/**
 * The only ways between two browsers: every candidate that one tells the other leads through a
 * UDP forwarder of ours, so that a test can cut what is in use, as a lost network would.
 */
export class UdpPaths {
  readonly #forwarders = new Map<string, Promise<Forwarder>>();

  /** What the other side may be told of this signalling message; `undefined`: nothing. */
  async carry(message: string): Promise<string | undefined> {
    const signal = JSON.parse(message);
    if (signal.description) signal.description.sdp = await this.#reroute(signal.description.sdp);
    if (signal.candidate?.candidate) {
      const line = await this.#rerouteLine(signal.candidate.candidate);
      if (line === undefined) return undefined;
      signal.candidate.candidate = line;
    }
    return JSON.stringify(signal);
  }

  /** Nothing passes any more on the ways there are; ways that are told of later are open. */
  async cut(): Promise<void> {
    for (const forwarder of this.#forwarders.values()) (await forwarder).isOpen = false;
  }

  /** From now on every so manieth packet is lost on the ways there are. */
  async loseEvery(count: number): Promise<void> {
    for (const forwarder of this.#forwarders.values()) (await forwarder).loseEvery = count;
  }

  async close(): Promise<void> {
    for (const forwarder of this.#forwarders.values()) (await forwarder).close();
  }

  async #reroute(sdp: string): Promise<string> {
    const lines: string[] = [];
    for (const line of sdp.split('\r\n')) {
      const rerouted = line.startsWith('a=candidate:') ? await this.#rerouteLine(line) : line;
      if (rerouted !== undefined) lines.push(rerouted);
    }
    return lines.join('\r\n');
  }

  async #rerouteLine(line: string): Promise<string | undefined> {
    const [, protocol, address, port, type] = CANDIDATE.exec(line) ?? [];
    const isWay = protocol === 'udp' && type === 'host' && address && /^[\d.]+$/.test(address);
    if (!isWay) return undefined;
    const key = `${address}:${port}`;
    const forwarder = this.#forwarders.get(key) ?? Forwarder.to(address, Number(port));
    this.#forwarders.set(key, forwarder);
    return line.replace(`${address} ${port}`, `127.0.0.1 ${(await forwarder).port}`);
  }
}

/** Gives what comes to its port to one address, and the replies to whoever spoke. */
class Forwarder {
  isOpen = true;
  loseEvery = Number.POSITIVE_INFINITY;
  #packets = 0;
  readonly port: number;
  readonly #front: Socket;
  readonly #backs = new Map<string, Socket>();

  private constructor(front: Socket, address: string, port: number) {
    this.#front = front;
    this.port = front.address().port;
    front.on('message', (packet, from) => {
      if (!this.#passes()) return;
      const key = `${from.address}:${from.port}`;
      const back = this.#backs.get(key) ?? this.#backFor(from);
      this.#backs.set(key, back);
      back.send(packet, port, address);
    });
  }

  static async to(address: string, port: number): Promise<Forwarder> {
    const front = createSocket('udp4').bind(0, '127.0.0.1');
    await once(front, 'listening');
    return new Forwarder(front, address, port);
  }

  close(): void {
    for (const socket of [this.#front, ...this.#backs.values()]) socket.close();
  }

  #passes(): boolean {
    return this.isOpen && ++this.#packets % this.loseEvery !== 0;
  }

  #backFor(speaker: { address: string; port: number }): Socket {
    const back = createSocket('udp4');
    back.on('message', (reply) => {
      if (this.#passes()) this.#front.send(reply, speaker.port, speaker.address);
    });
    return back;
  }
}
