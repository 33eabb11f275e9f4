/**
 * A connection to one window that carries whole messages in order, `Uint8Array`s as they are.
 * The listeners are set once, before anything can arrive.
 */
export interface Channel {
  /** Does nothing once the channel is closed. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Told once, whichever side closed. */
  onClose(listener: () => void): void;
  /** Closes because what arrived was not a message of the bridge. */
  refuse(reason: string): void;
  close(): void;
}
