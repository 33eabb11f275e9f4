import type { KeyGrant, ReplicaTermsPayload } from '../../../protocol/replicas.ts';
import { isoTime } from '../../clock.ts';
import type { CatalogueEntry } from '../../recording/library/catalogue.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A copy whose host is not heard of is kept this long at most. */
const LEASE_DAYS = 90;
/** So often a lease is made longer. */
const RENEWED_EVERY_DAYS = 7;

/** What a host wants done with copies of a recording it keeps. */
export function termsOf(
  entry: Pick<CatalogueEntry, 'recordingId' | 'visibility' | 'pinned' | 'retainUntilMs'>,
  { copies, grants, nowMs }: { copies: readonly string[]; grants: KeyGrant[]; nowMs: number },
): ReplicaTermsPayload {
  // In steps, so that terms change once a week and not with every look.
  const step = RENEWED_EVERY_DAYS * DAY_MS;
  const leaseMs = (Math.floor(nowMs / step) + 1) * step + LEASE_DAYS * DAY_MS;
  const { pinned, retainUntilMs } = entry;
  const keepMs = pinned || retainUntilMs === undefined ? leaseMs : Math.min(retainUntilMs, leaseMs);
  return {
    version: 1,
    recordingId: entry.recordingId,
    issuedAt: isoTime(nowMs),
    keepUntil: isoTime(keepMs),
    visibility: entry.visibility,
    copies: [...copies].sort(),
    grants,
  };
}

/**
 * A copy is not wanted any more.
 *
 * @param forGood the recording is deleted, and not to be taken again
 */
export function leavingTerms(
  recordingId: string,
  { forGood, nowMs }: { forGood: boolean; nowMs: number },
): ReplicaTermsPayload {
  return {
    version: 1,
    recordingId,
    issuedAt: isoTime(nowMs),
    keepUntil: forGood ? null : isoTime(nowMs),
    visibility: 'invite-only',
    copies: [],
    grants: [],
  };
}

/** The same for terms that say the same. */
export function termsKey({ keepUntil, visibility, copies, grants }: ReplicaTermsPayload): string {
  const tags = grants.map(({ tag }) => tag).sort();
  return JSON.stringify([keepUntil, visibility, copies, tags]);
}
