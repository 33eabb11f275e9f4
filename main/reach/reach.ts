import { EventEmitter } from 'node:events';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { ReachAddress, Reach as ReachSetting, ReachStatus } from '../../protocol/reach.ts';
import { type Clock, isoTime } from '../clock.ts';
import { fingerprintOf, type TlsPair, validUntilMs } from './certificate.ts';
import type { CertificateSource } from './certificate-source.ts';
import { checkAddress, SelfProof } from './check-address.ts';
import { httpsOrigin, type Interfaces, ownAddresses } from './own-addresses.ts';
import { openPublicListener, type PublicListener } from './public-listener.ts';

/** How often the machine's addresses are looked at: soon after a laptop changed networks. */
const LOOK_EVERY_MS = 10_000;

/** How often the certificate is looked at: files may have been renewed, ours may be due. */
const CERTIFICATE_EVERY_MS = 60 * 60 * 1000;

export interface ReachOptions {
  certificate: CertificateSource;
  clock: Clock;
  logger: Logger;
  /** What holds at the start. */
  initial: ReachSetting;
  /** Rejects `start` when the node can't listen; else the status says so and the start goes on. */
  insist: boolean;
  /**
   * The port for other devices; 0 for any free one. `fallBack`: any other where it is taken;
   * `flag`: what chooses it on the command line.
   */
  port: { number: number; fallBack: boolean; flag: string };
  /** Keeps what was chosen and the port it got, for the next start. */
  remember: (chosen: { reach?: ReachSetting; port?: number }) => void;
  /** Where others reach this node, whatever its own addresses; https. */
  publicOrigin?: string | undefined;
  /** As `os.networkInterfaces()` and `os.hostname()` say. */
  machine: () => { interfaces: Interfaces; hostname: string };
  /** One address to listen on, instead of all. */
  listenOn?: string | undefined;
}

/**
 * Whether and where people on other devices reach this node: opens and closes the https door
 * while the node runs, keeps its certificate good for the addresses it offers, and tries those.
 * Tells `changed` with every change of its status.
 */
export class Reach extends EventEmitter<{ changed: [ReachStatus] }> {
  readonly #options: ReachOptions;
  readonly #self = new SelfProof();
  #app: FastifyInstance | undefined;
  #loopbackOrigin = '';
  #listener: PublicListener | undefined;
  #pair: TlsPair | undefined;
  #certificateSeenAt = 0;
  #addresses: ReachAddress[] = [];
  #problem: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #checking: Promise<void> = Promise.resolve();

  constructor(options: ReachOptions) {
    super();
    this.#options = options;
  }

  /** Answers a nonce at `/healthz`, see {@link SelfProof}. */
  readonly proofOf = (nonce: string): string => this.#self.of(nonce);

  /** Origins under which pages of this node are opened on other devices, as of now. */
  readonly origins = (): string[] => this.#addresses.map(({ origin }) => origin);

  /** What invitation links start with now. */
  readonly linkOrigin = (): string => this.#best()?.origin ?? this.#loopbackOrigin;

  /**
   * Starts with what holds. Rejects with a `ListenError` or `ReachError` where that is insisted on.
   *
   * @param app the node, listening.
   * @param loopbackOrigin e.g. `http://127.0.0.1:41234`
   */
  async start(app: FastifyInstance, loopbackOrigin: string): Promise<void> {
    this.#app = app;
    this.#loopbackOrigin = loopbackOrigin;
    this.#offer();
    if (this.#options.initial === 'this-computer') this.#check();
    else await this.#inTurn(() => this.#open()).catch((error) => this.#atStart(error));
    this.#timer = setInterval(() => {
      this.#inTurn(() => this.#look()).catch((error) => this.#fail(error));
    }, LOOK_EVERY_MS).unref();
  }

  status(): ReachStatus {
    const best = this.#best();
    return {
      reach: this.#listener ? 'network' : 'this-computer',
      ...(this.#problem !== undefined && { problem: this.#problem }),
      addresses: this.#addresses.map((address) => ({ ...address })),
      linkOrigin: this.linkOrigin(),
      linkReachesOthers: best !== undefined,
      ...(this.#pair && {
        certificate: {
          source: this.#options.certificate.kind,
          fingerprint: fingerprintOf(this.#pair.cert),
          validUntil: isoTime(validUntilMs(this.#pair.cert)),
        },
      }),
    };
  }

  /** Opens or closes the door and remembers it; where it can't be opened the status says why. */
  async set(reach: ReachSetting): Promise<ReachStatus> {
    await this.#inTurn(async () => {
      if (reach === 'network') await this.#open().catch((error) => this.#fail(error));
      else await this.#close();
      if (this.status().reach === reach) this.#options.remember({ reach });
    });
    return this.status();
  }

  /** Looks at addresses and certificate now, tries every address, and answers what was found. */
  async check(): Promise<ReachStatus> {
    this.#certificateSeenAt = 0;
    await this.#inTurn(() => this.#look());
    this.#check();
    await this.#checking;
    return this.status();
  }

  /** For good. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#inTurn(() => this.#close());
  }

  /** One change at a time, in the order they were asked for. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #open(): Promise<void> {
    if (this.#listener || !this.#app) return;
    const { certificate, port, listenOn, clock } = this.#options;
    const pair = await certificate.current(this.#hosts());
    this.#listener = await this.#listen(this.#app, pair, port.number, listenOn);
    this.#pair = pair;
    this.#certificateSeenAt = clock();
    this.#problem = undefined;
    this.#options.remember({ port: this.#listener.port });
    this.#offer();
    this.#check();
  }

  async #listen(app: FastifyInstance, certificate: TlsPair, port: number, host?: string) {
    const { fallBack, flag } = this.#options.port;
    try {
      return await openPublicListener(app, { host, port, certificate, portFlag: flag });
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'port-in-use';
      if (!taken || port === 0 || !fallBack) throw error;
      return openPublicListener(app, { host, port: 0, certificate, portFlag: flag });
    }
  }

  async #close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#pair = undefined;
    this.#problem = undefined;
    this.#offer();
    await listener?.close();
    this.#tell();
  }

  /** Follows the machine's addresses, and keeps the certificate good for them. */
  async #look(): Promise<void> {
    if (!this.#listener) return;
    const before = this.origins().join();
    this.#offer();
    const moved = before !== this.origins().join();
    const { clock, certificate, logger } = this.#options;
    if (moved || clock() - this.#certificateSeenAt > CERTIFICATE_EVERY_MS) {
      this.#certificateSeenAt = clock();
      try {
        const pair = await certificate.current(this.#hosts());
        if (pair.cert !== this.#pair?.cert) this.#listener.serveWith(pair);
        this.#pair = pair;
        this.#problem = undefined;
      } catch (error) {
        logger.error({ err: error }, 'the certificate could not be renewed; the old one is kept');
        this.#problem = sentenceOf(error);
      }
      this.#tell();
    }
    if (moved) this.#check();
  }

  #atStart(error: unknown): void {
    if (this.#options.insist) throw error;
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#problem = sentenceOf(error);
    this.#options.logger.warn({ err: error }, 'other devices can’t reach this node');
    this.#tell();
  }

  /** The addresses as they are now; what is known of those that stay is kept. */
  #offer(): void {
    const known = new Map(this.#addresses.map((address) => [address.origin, address]));
    const { publicOrigin } = this.#options;
    const given: ReachAddress[] = publicOrigin
      ? [{ origin: publicOrigin, kind: 'given', likely: true, state: 'checking' }]
      : [];
    const port = this.#listener?.port;
    const own = port === undefined ? [] : this.#ownAddresses();
    this.#addresses = [
      ...given,
      ...own.map(
        ({ host, ...address }): ReachAddress => ({
          ...address,
          origin: httpsOrigin(host, port ?? 0),
          state: 'checking',
        }),
      ),
    ].map((address) => known.get(address.origin) ?? address);
  }

  #ownAddresses() {
    const { interfaces, hostname } = this.#options.machine();
    return ownAddresses(interfaces, hostname);
  }

  /** What the certificate must name; without a network, something all the same. */
  #hosts(): string[] {
    const { publicOrigin } = this.#options;
    const given = publicOrigin ? [new URL(publicOrigin).hostname.replace(/^\[|\]$/g, '')] : [];
    const hosts = [...given, ...this.#ownAddresses().map(({ host }) => host)];
    return hosts.length > 0 ? hosts : ['localhost'];
  }

  #check(): void {
    const tried = this.#addresses;
    this.#checking = Promise.all(
      tried.map(async (address) => {
        const found = await checkAddress(address.origin, this.#self);
        delete address.reason;
        Object.assign(address, found);
      }),
    ).then(() => this.#tell());
    this.#tell();
  }

  /** Whoever gave an address knows better than a check from here. */
  #best(): ReachAddress | undefined {
    return (
      this.#addresses.find(({ kind }) => kind === 'given') ??
      this.#addresses.find(({ state }) => state === 'answers') ??
      this.#addresses.find(({ state }) => state === 'checking')
    );
  }

  #tell(): void {
    this.emit('changed', this.status());
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
