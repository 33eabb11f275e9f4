import { ProtocolError } from '../../protocol/errors.ts';
import { type ClientMessage, ServerMessage } from '../../protocol/messages.ts';
import { Emitter } from './emitter.ts';

/** A request without an answer by then is given up. */
const ANSWER_TIMEOUT_MS = 10_000;

export interface SocketEvents {
  message: ServerMessage;
  /** Told once; afterwards the socket is of no use. */
  closed: { code: number; reason: string };
}

type Request = Extract<ClientMessage, { requestId?: string | undefined }>;
type RequestBody = Request extends infer R
  ? R extends Request
    ? Omit<R, 'requestId'>
    : never
  : never;

/** One WebSocket to a node's `/ws`: parsed messages, and answers matched to their requests. */
export class SignallingSocket extends Emitter<SocketEvents> {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<
    string,
    { resolve: (m: ServerMessage) => void; reject: (e: Error) => void; timer: number }
  >();
  #requests = 0;

  private constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.addEventListener('message', (event) => this.#receive(event.data));
    socket.addEventListener('close', ({ code, reason }) => {
      this.#rejectWaiting();
      this.emit('closed', { code, reason });
    });
  }

  /** Connects. Rejects with `internal` when the node does not answer. */
  static connect(url: string): Promise<SignallingSocket> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url);
      const connected = new SignallingSocket(socket);
      socket.addEventListener('open', () => resolve(connected), { once: true });
      connected.on('closed', () => reject(unreachable()));
    });
  }

  /** Sends where the socket is open; a message to a closed one is lost, as on the way. */
  send(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Sends a request and waits for what may answer it. Rejects with the node's refusal. */
  async request<T extends ServerMessage['type']>(
    message: RequestBody,
    ...answers: readonly T[]
  ): Promise<Extract<ServerMessage, { type: T }>> {
    const requestId = `${++this.#requests}`;
    const received = await new Promise<ServerMessage>((resolve, reject) => {
      if (this.#socket.readyState !== WebSocket.OPEN) return reject(unreachable());
      const timer = setTimeout(() => {
        this.#waiting.delete(requestId);
        reject(unreachable());
      }, ANSWER_TIMEOUT_MS) as unknown as number;
      this.#waiting.set(requestId, { resolve, reject, timer });
      this.send({ ...message, requestId } as ClientMessage);
    });
    if (!answers.some((type) => type === received.type)) {
      throw new ProtocolError('internal', 'The node answered something else than was asked.');
    }
    return received as Extract<ServerMessage, { type: T }>;
  }

  close(): void {
    this.#socket.close(1000);
  }

  #receive(data: unknown): void {
    const message = parse(data);
    if (!message) return;
    const requestId = 'requestId' in message ? message.requestId : undefined;
    const waiting = requestId === undefined ? undefined : this.#waiting.get(requestId);
    if (!waiting || requestId === undefined) {
      this.emit('message', message);
      return;
    }
    this.#waiting.delete(requestId);
    clearTimeout(waiting.timer);
    if (message.type === 'error') waiting.reject(new ProtocolError(message.code, message.message));
    else waiting.resolve(message);
  }

  #rejectWaiting(): void {
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(unreachable());
    }
    this.#waiting.clear();
  }
}

/** A newer node may say what we don't know yet; that is no reason to drop the connection. */
function parse(data: unknown): ServerMessage | undefined {
  try {
    return ServerMessage.parse(JSON.parse(String(data)));
  } catch (error) {
    console.warn('A message of the node was not understood.', error);
    return undefined;
  }
}

function unreachable(): ProtocolError {
  return new ProtocolError(
    'internal',
    'The node does not answer. Check your connection and that the studio is running, then try again.',
  );
}
