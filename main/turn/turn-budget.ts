import type { RelayState } from '../../protocol/rooms.ts';

/** Past this share of the cap somebody should know. */
export const ALERT_ABOVE = 0.7;

/**
 * What one relayed connection between two people carries each way, in Mbit/s: 720p with audio,
 * and 5 % for TURN's own framing (protocol, "Bandwidth").
 */
export const RELAYED_LINK_MBPS = 1.8 * 1.05;

/** How much of the relay a room uses. */
export interface TurnUse {
  relayedParticipants: number;
  /** Most relayed participants the room may have. */
  cap: number;
  /** `relayedParticipants / cap`; above 1 where more came to need it than the cap foresaw. */
  ratio: number;
  state: RelayState;
  /**
   * Mbit/s each way over all relayed connections, if everybody sends a camera and all of a relayed
   * participant's connections are relayed. The server's network card takes in twice that, and
   * gives out twice that.
   */
  estimatedMbps: number;
}

/** How many people of one room may be relayed, and what that costs. Pure. */
export class TurnBudget {
  readonly #cap: number;

  /** @param cap most relayed participants of a room, 1 or more. */
  constructor(cap: number) {
    this.#cap = cap;
  }

  /** @param people everybody in the room. */
  use(people: readonly { connection: 'direct' | 'turn' }[]): TurnUse {
    const relayed = people.filter(({ connection }) => connection === 'turn').length;
    const ratio = relayed / this.#cap;
    return {
      relayedParticipants: relayed,
      cap: this.#cap,
      ratio,
      state: stateOf(ratio),
      estimatedMbps: relayedLinks(relayed, people.length) * RELAYED_LINK_MBPS,
    };
  }

  /**
   * Whether this person gets credentials for the relay. Whoever is relayed already keeps what
   * their call hangs on; past the cap nobody else is let on.
   */
  allows(use: TurnUse, person: { connection: 'direct' | 'turn' }): boolean {
    return person.connection === 'turn' || use.state !== 'full';
  }
}

function stateOf(ratio: number): RelayState {
  if (ratio >= 1) return 'full';
  return ratio > ALERT_ABOVE ? 'strained' : 'available';
}

/** Connections with at least one relayed end: those among the relayed, and from each to the rest. */
function relayedLinks(relayed: number, people: number): number {
  return (relayed * (relayed - 1)) / 2 + relayed * (people - relayed);
}
