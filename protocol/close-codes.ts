/** Why the node closes a socket (RFC 6455 section 7.4; 4000-4999 are ours). */
export const CLOSE = {
  /** The node stops. */
  goingAway: 1001,
  /** Something went wrong on the node. */
  internal: 1011,
  /** The client reads too slowly, or asks for more than it is answered. */
  overloaded: 1013,
  /** Another socket took this one's place in the room: do not reconnect. */
  replaced: 4001,
  /** No session, or one that is not valid any more: authenticate anew. */
  unauthenticated: 4401,
} as const;
