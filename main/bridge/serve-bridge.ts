import type { EventEmitter } from 'node:events';
import { createBirpc } from 'birpc';
import type { Logger } from 'pino';
import { z } from 'zod';
import {
  events as contractEvents,
  type EventName,
  type MethodInput,
  type MethodName,
  type MethodOutput,
  methods,
  type StudioApi,
} from '../../preload/contract.ts';
import { EVENT_METHOD } from '../../preload/wire.ts';
import type { Channel } from './channel.ts';
import { crossingError, invalidInput, unknownMethod } from './crossing-error.ts';

/** birpc's request, the one kind of message a window sends: main's events want no answer. */
const Request = z.object({
  t: z.literal('q'),
  i: z.string().min(1).max(64),
  m: z.string().max(256),
  a: z.array(z.unknown()).max(1),
});

/** What main calls in the window. */
interface WindowFunctions {
  [EVENT_METHOD](name: EventName, payload: unknown): void;
}

export interface ServedBridge {
  api: StudioApi;
  /** Emits each event of the contract with its payload. */
  events: EventEmitter;
  channel: Channel;
  logger: Logger;
}

/**
 * Lets one window use the studio: each call's input is checked against the contract before
 * `api` sees it, each event is passed on, and errors cross as a code and a sentence only.
 * Returns what ends it and closes the channel.
 */
export function serveBridge({ api, events, channel, logger }: ServedBridge): () => void {
  async function answer(method: string, input: unknown): Promise<unknown> {
    if (!isMethodName(method)) throw unknownMethod(method);
    const parsed = methods[method].input.safeParse(input);
    if (!parsed.success) throw invalidInput(method, parsed.error);
    try {
      return await invoke(api, method, parsed.data as MethodInput<typeof method>);
    } catch (error) {
      throw crossingError(error, method, logger);
    }
  }

  const rpc = createBirpc<WindowFunctions, object, false>(
    {},
    {
      proxify: false,
      timeout: -1,
      resolver: (method) => (input) => answer(method, input),
      post: (message) => channel.send(message),
      on: (receive) => {
        channel.onMessage((message) => {
          const request = Request.safeParse(message);
          if (request.success) receive(request.data);
          else channel.refuse('not a request of the bridge');
        });
      },
      onGeneralError: (err, method) => {
        logger.error({ err, method }, 'a message to the window could not be sent');
        return true;
      },
    },
  );

  const stopListening = (Object.keys(contractEvents) as EventName[]).map((name) => {
    const forward = (payload: unknown) => rpc.$callEvent(EVENT_METHOD, name, payload);
    events.on(name, forward);
    return () => events.off(name, forward);
  });
  function dispose(): void {
    for (const stop of stopListening) stop();
    if (rpc.$closed) return;
    rpc.$close();
    channel.close();
  }
  channel.onClose(dispose);
  return dispose;
}

function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(methods, name);
}

function invoke<M extends MethodName>(
  api: StudioApi,
  method: M,
  input: MethodInput<M>,
): Promise<MethodOutput<M>> {
  return api[method](input);
}
