import { z } from 'zod';
import { Timestamp } from './encoding.ts';

/** Who can reach this node: browsers on this computer alone, or on other devices too. */
export const Reach = z.enum(['this-computer', 'network']);
export type Reach = z.infer<typeof Reach>;

/**
 * What an address is good for: `private` within the local network, `global` from the internet
 * where the firewall lets it through, `name` within the local network by mDNS, `link-local` for
 * two machines on one cable, `given` by whoever runs the node.
 */
export const AddressKind = z.enum(['given', 'private', 'global', 'name', 'link-local']);
export type AddressKind = z.infer<typeof AddressKind>;

/** One address of this node for people on other devices. */
export const ReachAddress = z.object({
  /** e.g. `https://192.168.1.20:40443` */
  origin: z.url(),
  kind: AddressKind,
  /** The network interface, e.g. `eth0`. */
  interface: z.string().optional(),
  /** `false` for what looks like a VPN, a container or a virtual machine. */
  likely: z.boolean(),
  /** As tried from this computer: a firewall between it and others can't be seen from here. */
  state: z.enum(['checking', 'answers', 'blocked']),
  /** Why it is `blocked`, as a sentence. */
  reason: z.string().optional(),
});
export type ReachAddress = z.infer<typeof ReachAddress>;

/** SHA-256 of a certificate as browsers show it: `AB:CD:…`. */
export const Fingerprint = z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);

export const ReachCertificate = z.object({
  /** `own`: made by this node, which browsers warn about; `given`: from files. */
  source: z.enum(['own', 'given']),
  fingerprint: Fingerprint,
  validUntil: Timestamp,
});
export type ReachCertificate = z.infer<typeof ReachCertificate>;

/** How this node can be reached, as of now. */
export const ReachStatus = z.object({
  reach: Reach,
  /** Why it does not listen though it should, as a sentence. */
  problem: z.string().optional(),
  /** Most useful first; empty while only this computer reaches the node. */
  addresses: z.array(ReachAddress),
  /** What invitation links start with now. */
  linkOrigin: z.url(),
  /** Whether that can be opened on another device. */
  linkReachesOthers: z.boolean(),
  certificate: ReachCertificate.optional(),
});
export type ReachStatus = z.infer<typeof ReachStatus>;
