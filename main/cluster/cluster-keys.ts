/** All keys share one hash tag: scripts touch several at once, and a Redis Cluster allows that. */
export const PREFIX = '{swarm}:';

/** Where what lies in Redis. */
export const KEYS = {
  /** Set of node ids, those that are gone but whose rooms nobody took yet among them. */
  nodes: `${PREFIX}nodes`,
  /** Hash of room id to node id. */
  owners: `${PREFIX}owners`,
  /** A node's lease, with what it says of itself; runs out when the node does not renew it. */
  node: (nodeId: string) => `${PREFIX}node:${nodeId}`,
  /** Stream of what other nodes tell this one. */
  inbox: (nodeId: string) => `${PREFIX}inbox:${nodeId}`,
  /** Set of the rooms that a node owns. */
  roomsOf: (nodeId: string) => `${PREFIX}rooms:${nodeId}`,
  /** Hash of a room's rows, by table and key. */
  room: (roomId: string) => `${PREFIX}room:${roomId}`,
  /** A secret that all nodes share, sealed. */
  secret: (name: string) => `${PREFIX}secret:${name}`,
} as const;
