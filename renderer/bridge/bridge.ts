import type {
  EventName,
  EventPayload,
  MethodInput,
  MethodName,
  MethodOutput,
} from '../../preload/contract.ts';

/** The window's way to the native side. A guest's tab has none. */
export interface Bridge {
  /**
   * Calls a method of the contract (`undefined` as input where it takes none). Rejects with a
   * `ProtocolError` where its code is one of the protocol's, else with a {@link BridgeFailure}.
   */
  call<M extends MethodName>(method: M, input: MethodInput<M>): Promise<MethodOutput<M>>;
  /** Listens to an event of the contract until the returned function is called. */
  on<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): () => void;
  /**
   * Told when the studio does not answer though it did not stop in order (`true`), and when it
   * answers again (`false`). Returns how to stop listening.
   */
  onAway(listener: (away: boolean) => void): () => void;
  /**
   * Told when another start of the studio has taken this window for its own: what main knew of it
   * is forgotten. Returns how to stop listening.
   */
  onRestart(listener: () => void): () => void;
  /** Told once, when there is nothing to come back to. Returns how to stop listening. */
  onClose(listener: (end: BridgeEnd) => void): () => void;
}

/** `stopped`: the studio stopped in order. `refused`: it runs, and this window is none of its own. */
export type BridgeEnd = 'stopped' | 'refused';

/** A call that failed for a reason the protocol has no code for, e.g. `bridge-closed`. */
export class BridgeFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'BridgeFailure';
    this.code = code;
  }
}

/** This window was served by a studio, but may not use it: the launch's secret is missing or old. */
export class BridgeRefused extends Error {
  readonly code = 'bridge-refused';

  constructor() {
    super(
      'This window may not control the studio: its address lacks the secret of the current start. Open the address that the terminal printed when the studio started.',
    );
    this.name = 'BridgeRefused';
  }
}
