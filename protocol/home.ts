import { z } from 'zod';
import { Fingerprint } from './reach.ts';

/**
 * The node a studio's window is on: its `own`, another one that is its `home`, or one it is on a
 * `visit` to.
 */
export const NodePlace = z.object({
  kind: z.enum(['own', 'home', 'visit']),
  /** What the node is called. */
  name: z.string(),
  /** The node itself, e.g. `https://rooms.example`: what links start with. */
  origin: z.url(),
  /** Where the window reaches it: on this computer, e.g. `http://127.0.0.1:41234`. */
  baseUrl: z.url(),
});
export type NodePlace = z.infer<typeof NodePlace>;

/** What was found at a node's address, before anything is decided. */
export const NodeFound = z.object({
  origin: z.url(),
  name: z.string(),
  version: z.string(),
  /** An invitation to enrol came with the address. */
  invited: z.boolean(),
  /** Absent over http, on this computer. */
  certificate: z
    .object({
      fingerprint: Fingerprint,
      /**
       * `trusted` by this computer, `invited`: named by the invitation, or `unknown`: made by the
       * node itself, and it is for the person to compare the fingerprint.
       */
      standing: z.enum(['trusted', 'invited', 'unknown']),
    })
    .optional(),
});
export type NodeFound = z.infer<typeof NodeFound>;
