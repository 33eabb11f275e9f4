/** When ICE is restarted on a connection that stood, and when it is given up for a new one. */
export interface RestartPolicy {
  /** Milliseconds that a connection may be `disconnected`: most come back by themselves. */
  readonly graceMs: number;
  /**
   * Milliseconds that restart `attempt` (0 is the first) has to bring the connection back;
   * `undefined` when restarts were tried enough.
   */
  allowanceMs(attempt: number): number | undefined;
}

/** As many restarts as there are allowances. */
export function boundedRestarts(options: {
  graceMs: number;
  allowancesMs: readonly number[];
}): RestartPolicy {
  return {
    graceMs: options.graceMs,
    allowanceMs: (attempt) => options.allowancesMs[attempt],
  };
}

/**
 * The first allowance is two round trips over the node and the checks of a few candidates; the
 * later ones have the time that a TURN server over TLS takes, or a node that is being reached anew.
 */
export const iceRestarts: RestartPolicy = boundedRestarts({
  graceMs: 2_000,
  allowancesMs: [4_000, 8_000, 12_000],
});

/** What a recovery can do to its connection. */
export interface Recoverable {
  /** Restarts ICE, or asks the side that makes the offers to. */
  restart(): void;
  /** Restarts have not helped. */
  giveUp(): void;
  /** Whether the connection is away and being brought back. */
  changed(restarting: boolean): void;
}

/** Watches one connection and brings it back when its path dies, without making it anew. */
export class LinkRecovery {
  readonly #policy: RestartPolicy;
  readonly #connection: Recoverable;
  #state: RTCPeerConnectionState = 'new';
  /** Only what stood once can be brought back. */
  #stood = false;
  #attempt = 0;
  #graceTimer: number | undefined;
  /** Runs while a restart may still succeed. */
  #allowanceTimer: number | undefined;
  #restarting = false;

  constructor(policy: RestartPolicy, connection: Recoverable) {
    this.#policy = policy;
    this.#connection = connection;
  }

  follow(state: RTCPeerConnectionState): void {
    this.#state = state;
    if (state === 'connected') this.#settle();
    else if (!this.#stood) this.#failBeforeItStood();
    else if (this.#allowanceTimer !== undefined) this.#tell();
    else if (state === 'failed') this.#restart();
    else if (state === 'disconnected' && this.#graceTimer === undefined) {
      this.#graceTimer = later(this.#policy.graceMs, () => this.#restart());
    }
  }

  /** The machine is on another network: the path is gone, whatever its state still says. */
  networkChanged(): void {
    if (!this.#stood) return;
    this.#attempt = 0;
    this.#restart();
  }

  /** The other side sees trouble. What is under way already is not started again. */
  asked(): void {
    if (this.#stood && this.#allowanceTimer === undefined) this.#restart();
  }

  stop(): void {
    clearTimeout(this.#graceTimer);
    clearTimeout(this.#allowanceTimer);
  }

  #failBeforeItStood(): void {
    if (this.#state === 'failed') this.#connection.giveUp();
  }

  #settle(): void {
    this.#stood = true;
    this.#attempt = 0;
    this.#clear();
    this.#tell();
  }

  #restart(): void {
    this.#clear();
    const allowanceMs = this.#policy.allowanceMs(this.#attempt++);
    if (allowanceMs === undefined) {
      this.#connection.giveUp();
      return;
    }
    this.#allowanceTimer = later(allowanceMs, () => {
      this.#allowanceTimer = undefined;
      // Where the restart was a precaution, the state may have been good all along.
      if (this.#state === 'connected') this.#settle();
      else this.#restart();
    });
    this.#tell();
    this.#connection.restart();
  }

  #clear(): void {
    clearTimeout(this.#graceTimer);
    clearTimeout(this.#allowanceTimer);
    this.#graceTimer = undefined;
    this.#allowanceTimer = undefined;
  }

  #tell(): void {
    const restarting = this.#allowanceTimer !== undefined && this.#state !== 'connected';
    if (restarting === this.#restarting) return;
    this.#restarting = restarting;
    this.#connection.changed(restarting);
  }
}

function later(ms: number, run: () => void): number {
  return setTimeout(run, ms) as unknown as number;
}
