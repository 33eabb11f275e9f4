import type { EventName, EventPayload } from '../../preload/contract.ts';

type Listener = (payload: never) => void;

/**
 * An app opened by a link says so before the page has had time to listen: the latest of these is
 * kept for the first listener.
 */
const KEPT_UNTIL_HEARD: ReadonlySet<EventName> = new Set<EventName>(['studio.openPath']);

/** Who listens to which event of the contract. */
export class EventListeners {
  readonly #listeners = new Map<EventName, Set<Listener>>();
  readonly #unheard = new Map<EventName, unknown>();

  add<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set<Listener>();
    this.#listeners.set(event, listeners.add(listener));
    if (this.#unheard.has(event)) {
      const payload = this.#unheard.get(event);
      this.#unheard.delete(event);
      this.deliver(event, payload);
    }
    return () => listeners.delete(listener);
  }

  /** `payload` is main's, which took its type from the contract. */
  deliver(event: EventName, payload: unknown): void {
    const listeners = this.#listeners.get(event);
    if (!listeners?.size && KEPT_UNTIL_HEARD.has(event)) this.#unheard.set(event, payload);
    for (const listener of listeners ?? []) listener(payload as never);
  }
}
