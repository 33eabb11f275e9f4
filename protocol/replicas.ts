import { z } from 'zod';
import { Base64Url, Sha256, Signature, Timestamp } from './encoding.ts';
import { Fingerprint } from './reach.ts';
import { Manifest, RecordingId } from './recordings.ts';
import { Visibility } from './rooms.ts';

/** Copies of a recording on other nodes when nobody says otherwise. */
export const DEFAULT_COPIES = 3;

/** Most copies that can be wished for. */
export const MAX_COPIES = 10;

/**
 * Largest file a volunteer takes. It is held in memory while it is served, so that what was checked
 * is what is sent; 2 s at 100 Mbit/s would be 25 MB.
 */
export const MAX_OBJECT_BYTES = 32 * 1024 * 1024;

/** Largest deposit: the manifest and IVs of a day in 2 s segments have some 9 MB. */
export const MAX_DEPOSIT_BYTES = 16 * 1024 * 1024;

/** Largest terms: a thousand grants have some 140 kB. */
export const MAX_TERMS_BYTES = 512 * 1024;

/** Most people that one recording's key is sealed for. */
export const MAX_GRANTS = 1_000;

/** Longest a volunteer keeps a copy whose host is not heard of. */
export const MAX_LEASE_DAYS = 400;

/** An origin: scheme, host and port, and nothing else. */
export const Origin = z
  .url()
  .max(256)
  .regex(/^https?:\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/, 'must be an origin')
  .refine((text) => URL.parse(text)?.origin === text, 'must be an origin');

/** What a node says of keeping copies, to anybody. */
export const ReplicaOffer = z.discriminatedUnion('volunteers', [
  z.object({ volunteers: z.literal(false) }),
  z.object({
    volunteers: z.literal(true),
    /** Whose recordings it takes. */
    takesFrom: z.enum(['enrolled', 'everybody']),
    quotaBytes: z.int().nonnegative(),
    /** Of the quota; less where the disk has less. */
    freeBytes: z.int().nonnegative(),
  }),
]);
export type ReplicaOffer = z.infer<typeof ReplicaOffer>;

export const KeyGrant = z.object({
  /** Whom it is for, see `grantTagText`: says nothing to who does not know the recording. */
  tag: Base64Url.length(22),
  /** The segment key, sealed for their identity key (HPKE, RFC 9180): 64 bytes. */
  box: Base64Url.length(86),
});
export type KeyGrant = z.infer<typeof KeyGrant>;

export const ReplicaTermsPayload = z.object({
  version: z.literal(1),
  recordingId: RecordingId,
  /** Later terms have a later time; a volunteer takes none that are older than it has. */
  issuedAt: Timestamp,
  /** When the copy goes unless later terms say otherwise; `null`: now, and never again. */
  keepUntil: Timestamp.nullable(),
  visibility: Visibility,
  /** Where copies are that were found whole, this one included. */
  copies: z.array(Origin).max(MAX_COPIES * 2),
  /** Who may open it while its host is away; nobody where it is public, which needs no key. */
  grants: z.array(KeyGrant).max(MAX_GRANTS),
});
export type ReplicaTermsPayload = z.infer<typeof ReplicaTermsPayload>;

/**
 * What the host wants done with copies of a recording. `signature` is its Ed25519 signature over
 * `swarm-replica-terms:v1\n` and everything else in canonical form (RFC 8785): whoever brings it,
 * it holds.
 */
export const ReplicaTerms = ReplicaTermsPayload.extend({ signature: Signature });
export type ReplicaTerms = z.infer<typeof ReplicaTerms>;

export const ReplicaDeposit = z.object({
  manifest: Manifest,
  terms: ReplicaTerms,
  /** 16 bytes for each segment, one after the other, where they are encrypted; else empty. */
  ivs: Base64Url,
});
export type ReplicaDeposit = z.infer<typeof ReplicaDeposit>;

/** Hashes that one answer names; after these, ask again. */
export const MAX_MISSING = 500;

/** How far a copy is. */
export const ReplicaProgress = z.object({
  state: z.enum(['filling', 'whole']),
  /** The next files to send, in the replay's order. */
  missing: z.array(Sha256).max(MAX_MISSING),
  heldBytes: z.int().nonnegative(),
  sizeBytes: z.int().nonnegative(),
});
export type ReplicaProgress = z.infer<typeof ReplicaProgress>;

/** Most bytes that one proof is over. */
export const MAX_PROOF_BYTES = 64 * 1024;

export const ProofRequest = z.object({
  sha256: Sha256,
  offset: z.int().nonnegative(),
  length: z.int().min(1).max(MAX_PROOF_BYTES),
  /** 32 bytes, never used before, so that no old answer will do. */
  nonce: Base64Url.length(43),
});
export type ProofRequest = z.infer<typeof ProofRequest>;

/** SHA-256 over the nonce's 32 bytes and the bytes that were asked for. */
export const ProofResponse = z.object({ proof: Sha256 });

/** A recording's segment key, sealed for who asks. */
export const GrantResponse = z.object({ box: KeyGrant.shape.box });

/** What is signed of terms. `canonical` is the payload in canonical form (RFC 8785). */
export function replicaTermsText(canonical: string): string {
  return `swarm-replica-terms:v1\n${canonical}`;
}

/** A grant's tag is the first 16 bytes of SHA-256 over this, as base64url. */
export function grantTagText(recordingId: string, userId: string): string {
  return `swarm-replica-grant:v1\n${recordingId}\n${userId}`;
}

/** What a segment key's seal is bound to, besides its recipient. */
export function grantInfoText(recordingId: string): string {
  return `swarm-segment-key:v1\n${recordingId}`;
}

/** What became of one copy, as its host sees it. */
export const CopyState = z.enum([
  /** To be sent, or tried again later. */
  'waiting',
  'copying',
  /** Whole when it was last asked to prove it. */
  'whole',
  /** Its node was not there, or did not have it, for too long: another one takes its place. */
  'lost',
  /** Its node does not take it: another one takes its place. */
  'refused',
  /** To be deleted there; done as soon as its node is reached. */
  'leaving',
]);
export type CopyState = z.infer<typeof CopyState>;

/** A refusal or a failure, as people read it. */
const Trouble = z.object({ code: z.string(), message: z.string() });

export const RecordingCopy = z.object({
  origin: Origin,
  nodeName: z.string(),
  state: CopyState,
  heldBytes: z.int().nonnegative(),
  sizeBytes: z.int().nonnegative(),
  /** When it last proved that it is whole. */
  provenAt: Timestamp.optional(),
  trouble: Trouble.optional(),
});
export type RecordingCopy = z.infer<typeof RecordingCopy>;

/** All copies of one recording. */
export const CopiesOfRecording = z.object({
  recordingId: RecordingId,
  copies: z.array(RecordingCopy),
});
export type CopiesOfRecording = z.infer<typeof CopiesOfRecording>;

/** A node that may be asked to keep copies. */
export const VolunteerNode = z.object({
  origin: Origin,
  name: z.string(),
  /** The home is known anyway; others were added. */
  kind: z.enum(['home', 'added']),
  /** As it was last asked. */
  standing: z.enum(['unknown', 'ready', 'unreachable', 'not-volunteering', 'refuses']),
  freeBytes: z.int().nonnegative().optional(),
  copies: z.int().nonnegative(),
  trouble: Trouble.optional(),
});
export type VolunteerNode = z.infer<typeof VolunteerNode>;

/** Copies as their host has them: how many are wished for, on which nodes, and how they are. */
export const PlacementOverview = z.object({
  wanted: z.int().min(0).max(MAX_COPIES),
  nodes: z.array(VolunteerNode),
  recordings: z.array(CopiesOfRecording),
});
export type PlacementOverview = z.infer<typeof PlacementOverview>;

/** A node to add, as somebody pasted its address. */
export const AddVolunteer = z.object({
  address: z.string().trim().min(1).max(4096),
  fingerprint: Fingerprint.optional(),
});
