import type { Invitations } from './invitations.ts';
import type { Moderator } from './moderator.ts';
import { selfModerates } from './moderator-rights.ts';
import type { SignallingClient } from './signalling-client.ts';
import type { StreamingStore } from './streaming-store.ts';

/**
 * Whoever moderates a room, from the start or after a promotion, knows its invitations and what
 * was done in it before; both are asked for again after the connection was lost.
 */
export function followModeration(options: {
  store: StreamingStore;
  signalling: Pick<SignallingClient, 'on'>;
  invitations: Pick<Invitations, 'refresh'>;
  moderator: Pick<Moderator, 'catchUp'>;
  problem: (error: unknown) => void;
}): void {
  const { store, signalling, invitations, moderator, problem } = options;
  const learn = () => {
    invitations.refresh().catch(problem);
    moderator.catchUp().catch(problem);
  };
  let attends = false;
  store.api.subscribe((state) => {
    const attended = attends;
    attends = selfModerates(state);
    // A room that was just made told its invitations, and nothing was done in it yet.
    if (attends && !attended && state.invites.length === 0) learn();
  });
  signalling.on('rejoined', () => {
    if (selfModerates(store.state)) learn();
  });
}
