import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Mediasoup } from '../../../main/relay/relay-workers.ts';

/** What mediasoup says of parameters that make no sense. */
function requireCodec(rtpParameters: { codecs: { mimeType: string }[] }): void {
  const [codec] = rtpParameters.codecs;
  if (!/^(audio\/opus|video\/VP8)$/i.test(codec?.mimeType ?? '')) {
    throw new TypeError(`unsupported codec [mimeType:${codec?.mimeType}, payloadType:96]`);
  }
}

class FakeProducer extends EventEmitter {
  readonly id: string;
  readonly kind: string;
  readonly rtpParameters: object;
  paused: boolean;
  closed = false;
  constructor(id: string, kind: string, paused: boolean, rtpParameters: object) {
    super();
    this.id = id;
    this.kind = kind;
    this.paused = paused;
    this.rtpParameters = rtpParameters;
  }
  async pause() {
    this.paused = true;
  }
  async resume() {
    this.paused = false;
  }
  close() {
    this.closed = true;
    this.emit('@closed');
  }
}

class FakeConsumer extends EventEmitter {
  readonly id = randomUUID();
  readonly type = 'simulcast';
  paused = true;
  layers: object | undefined;
  readonly producer: FakeProducer;
  constructor(producer: FakeProducer) {
    super();
    this.producer = producer;
    producer.on('@closed', () => this.emit('producerclose'));
  }
  get kind() {
    return this.producer.kind;
  }
  get rtpParameters() {
    return this.producer.rtpParameters;
  }
  get producerPaused() {
    return this.producer.paused;
  }
  async pause() {
    this.paused = true;
  }
  async resume() {
    this.paused = false;
  }
  async setPreferredLayers(layers: object) {
    this.layers = layers;
  }
}

class FakeTransport extends EventEmitter {
  readonly id = randomUUID();
  readonly iceParameters = { usernameFragment: 'u', password: 'p', iceLite: true };
  readonly iceCandidates = [];
  readonly dtlsParameters = {
    role: 'auto',
    fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('AB').join(':') }],
  };
  readonly made: EventEmitter[] = [];
  closed = false;
  isConnected = false;
  readonly router: FakeRouter;
  constructor(router: FakeRouter) {
    super();
    this.router = router;
  }
  async connect() {
    if (this.isConnected) throw new Error('connect() already called');
    this.isConnected = true;
  }
  async restartIce() {
    return this.iceParameters;
  }
  async produce(options: {
    id?: string;
    kind: string;
    paused: boolean;
    rtpParameters: { codecs: { mimeType: string }[] };
  }) {
    requireCodec(options.rtpParameters);
    const { id = randomUUID(), kind, paused, rtpParameters } = options;
    // As the worker does, it takes its time.
    await new Promise((resolve) => setImmediate(resolve));
    const producer = new FakeProducer(id, kind, paused, rtpParameters);
    this.router.producers.set(producer.id, producer);
    producer.on('@closed', () => this.router.producers.delete(id));
    this.made.push(producer);
    return producer;
  }
  async consume({ producerId }: { producerId: string }) {
    const producer = this.router.producers.get(producerId);
    if (!producer) throw new Error('Producer not found');
    const consumer = new FakeConsumer(producer);
    this.router.consumers.push(consumer);
    this.made.push(consumer);
    return consumer;
  }
  close() {
    this.closed = true;
    for (const one of this.made) {
      one.emit('transportclose');
      if (one instanceof FakeProducer) one.close();
    }
  }
}

class FakePipe extends FakeTransport {
  static ports = 40_000;
  readonly tuple = { localAddress: '127.0.0.1', localPort: FakePipe.ports++ };
  readonly srtpParameters = { cryptoSuite: 'AEAD_AES_256_GCM', keyBase64: 'a2V5' };
}

class FakeRouter {
  readonly rtpCapabilities = { codecs: [], headerExtensions: [] };
  readonly producers = new Map<string, FakeProducer>();
  readonly consumers: FakeConsumer[] = [];
  readonly transports: FakeTransport[] = [];
  readonly pipes: FakePipe[] = [];
  readonly worker: FakeWorker;
  isClosed = false;
  constructor(worker: FakeWorker) {
    this.worker = worker;
  }
  async createWebRtcTransport() {
    if (this.worker.closed) throw Object.assign(new Error('gone'), { name: 'InvalidStateError' });
    const transport = new FakeTransport(this);
    this.transports.push(transport);
    return transport;
  }
  canConsume({ producerId }: { producerId: string }) {
    return this.producers.has(producerId);
  }
  async createPipeTransport() {
    const pipe = new FakePipe(this);
    this.pipes.push(pipe);
    return pipe;
  }
  close() {
    this.isClosed = true;
    for (const transport of [...this.transports, ...this.pipes]) transport.close();
  }
}

class FakeWorker extends EventEmitter {
  static pids = 1000;
  readonly pid = FakeWorker.pids++;
  readonly routers: FakeRouter[] = [];
  closed = false;
  async createWebRtcServer() {
    return {};
  }
  async createRouter() {
    const router = new FakeRouter(this);
    this.routers.push(router);
    return router;
  }
  close() {
    this.closed = true;
  }
  die() {
    this.closed = true;
    this.emit('died', new Error('killed'));
  }
}

/**
 * Forwards nothing: keeps the books that mediasoup keeps, so that who may do what is tested where
 * its worker can't be had.
 */
export function fakeMediasoup() {
  const workers: FakeWorker[] = [];
  const mediasoup = {
    async createWorker() {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
  };
  return {
    workers,
    mediasoup: mediasoup as unknown as Mediasoup,
    /** All that was made by the workers that run. */
    get consumers() {
      return workers.flatMap(({ routers }) => routers.flatMap(({ consumers }) => consumers));
    },
    get transports() {
      return workers.flatMap(({ routers }) => routers.flatMap(({ transports }) => transports));
    },
  };
}
