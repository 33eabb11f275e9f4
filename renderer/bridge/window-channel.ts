/** Why a channel to the studio ended. */
export type ChannelEnd =
  /** The studio stopped, or its window's port was closed: there is nothing to come back to. */
  | 'stopped'
  /** This window lacks the launch's secret. */
  | 'refused'
  /** A message was too large for the studio. */
  | 'too-large'
  /** The connection broke; the studio may still be there. */
  | 'dropped';

/** A connection to the studio's native side that carries whole messages in order. */
export interface WindowChannel {
  /** It leads to another start of the studio than the one before: that one crashed. */
  readonly restarted?: true;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Told once. */
  onEnd(listener: (end: ChannelEnd) => void): void;
}

/** Opens a channel. Rejects with the reason when none came about. */
export type OpenChannel = () => Promise<WindowChannel>;

/** No channel came about. */
export class ChannelFailed extends Error {
  readonly end: ChannelEnd;

  constructor(end: ChannelEnd) {
    super(`no channel to the studio: ${end}`);
    this.name = 'ChannelFailed';
    this.end = end;
  }
}
