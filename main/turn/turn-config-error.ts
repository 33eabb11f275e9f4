/** The TURN servers are not configured so that they could work. `message` says what to do. */
export class TurnConfigError extends Error {
  readonly code = 'turn-misconfigured';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TurnConfigError';
  }
}
