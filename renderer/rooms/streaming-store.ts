import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StreamingState } from './streaming.ts';
import { OUTSIDE } from './streaming-transitions.ts';

/** Room state outside of React; changed only by the transitions. */
export class StreamingStore {
  /** What the page shows: the state, or, while it is held, the one before. */
  readonly api: StoreApi<StreamingState> = createStore<StreamingState>(() => OUTSIDE);
  readonly #holds = new Set<symbol>();
  #state: StreamingState = OUTSIDE;

  get state(): StreamingState {
    return this.#state;
  }

  /** Replaces the state by what a transition makes of it. */
  apply<A extends unknown[]>(
    transition: (state: StreamingState, ...args: A) => StreamingState,
    ...args: A
  ): void {
    this.#state = transition(this.#state, ...args);
    this.#show();
  }

  /**
   * Lets the page go on showing what it shows, so that rendering does not stand in the way of
   * what is quicker or cannot wait. Ends when the returned function is called, at the latest
   * after `maxMs`; where several hold at once, with the last of them.
   */
  hold(maxMs: number): () => void {
    const hold = Symbol();
    this.#holds.add(hold);
    const release = () => {
      clearTimeout(timer);
      if (this.#holds.delete(hold)) this.#show();
    };
    const timer = setTimeout(release, maxMs);
    return release;
  }

  #show(): void {
    if (this.#holds.size === 0) this.api.setState(this.#state, true);
  }
}
