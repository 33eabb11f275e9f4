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
  /** Told once, when the studio has stopped or can't be reached again. Returns how to stop listening. */
  onClose(listener: () => void): () => void;
}

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
