import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StreamingState } from './streaming.ts';
import { OUTSIDE } from './streaming-transitions.ts';

/** Room state outside of React; changed only by the transitions. */
export class StreamingStore {
  readonly api: StoreApi<StreamingState> = createStore<StreamingState>(() => OUTSIDE);

  get state(): StreamingState {
    return this.api.getState();
  }

  /** Replaces the state by what a transition makes of it. */
  apply<A extends unknown[]>(
    transition: (state: StreamingState, ...args: A) => StreamingState,
    ...args: A
  ): void {
    this.api.setState(transition(this.state, ...args), true);
  }
}
