import { createHash } from 'node:crypto';
import { fromBase64Url } from '../../../protocol/encoding.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import {
  MAX_MISSING,
  type ProofRequest,
  type ReplicaDeposit,
  type ReplicaOffer,
  type ReplicaProgress,
  type ReplicaTerms,
} from '../../../protocol/replicas.ts';
import type { Clock } from '../../clock.ts';
import { acceptDeposit, acceptTerms } from './accept-deposit.ts';
import type { Replica, ReplicaIndex } from './replica-index.ts';
import type { ReplicaObjects } from './replica-objects.ts';

/** Left on the disk for everything else. */
const KEPT_FREE_BYTES = 256 * 1024 * 1024;

export interface ReplicaKeeperOptions {
  index: ReplicaIndex;
  objects: ReplicaObjects;
  clock: Clock;
  quotaBytes: number;
  takesFrom: 'enrolled' | 'everybody';
}

/** Keeps copies of other people's recordings: what their hosts bring, as long as these want it. */
export class ReplicaKeeper {
  readonly #options: ReplicaKeeperOptions;

  constructor(options: ReplicaKeeperOptions) {
    this.#options = options;
  }

  async offer(): Promise<ReplicaOffer> {
    const { quotaBytes, takesFrom } = this.#options;
    return { volunteers: true, takesFrom, quotaBytes, freeBytes: await this.#freeBytes() };
  }

  /**
   * Takes a recording on, or goes on with one. Rejects as `acceptDeposit` does, with
   * `replica-deleted` for one its host had deleted, `terms-outdated`, and `quota-exceeded`.
   */
  async deposit(deposit: ReplicaDeposit, callerUserId: string): Promise<ReplicaProgress> {
    const { index, clock } = this.#options;
    const { manifest, terms, ivs } = deposit;
    const { recordingId } = manifest;
    acceptDeposit(deposit, callerUserId, clock());
    if (index.isBuried(recordingId)) throw deleted();
    const known = this.#ownedBy(recordingId, callerUserId);
    if (known) requireNewer(terms, known);
    if (terms.keepUntil === null || Date.parse(terms.keepUntil) <= clock()) throw deleted();
    const free = (await this.#freeBytes()) + (known?.sizeBytes ?? 0);
    if (manifest.sizeBytes > free) {
      throw new ProtocolError(
        'quota-exceeded',
        `This node has room for ${free} bytes, and the recording has ${manifest.sizeBytes}. Have it kept on another one.`,
      );
    }
    index.put({
      ...{ recordingId, manifest, terms },
      roomId: manifest.roomId,
      hostUserId: callerUserId,
      ivs: fromBase64Url(ivs),
      sizeBytes: manifest.sizeBytes,
    });
    await this.#removeUnused();
    // It was cut off, or something of it was damaged: more may be.
    if (known) await this.#readAll(recordingId);
    return this.#progressOf(recordingId, manifest.sizeBytes);
  }

  /**
   * Takes a file of a recording that was taken on. Rejects with `replica-not-found`, and
   * `hash-mismatch` for anything but the very bytes.
   */
  async takeFile(
    { recordingId, sha256 }: { recordingId: string; sha256: string },
    bytes: Uint8Array,
    callerUserId: string,
  ): Promise<void> {
    const { index, objects } = this.#options;
    this.#requireOwn(recordingId, callerUserId);
    const file = index.fileByHash(recordingId, sha256);
    if (!file) throw notFound();
    const isGenuine = bytes.length === file.sizeBytes && (await objects.put(sha256, bytes));
    if (!isGenuine) {
      throw new ProtocolError(
        'hash-mismatch',
        'These bytes are not what the manifest says. Send the file as it was signed.',
      );
    }
    index.noteHeld(sha256);
    // It may have been deleted while this was on its way.
    if (!index.fileByHash(recordingId, sha256)) await this.#removeUnused();
  }

  /** What of it is here. Rejects with `replica-not-found`. */
  async progress(recordingId: string, callerUserId: string): Promise<ReplicaProgress> {
    const { sizeBytes } = this.#requireOwn(recordingId, callerUserId);
    return this.#progressOf(recordingId, sizeBytes);
  }

  /** Takes the host's later word. Rejects with `replica-not-found`, `terms-invalid`, `terms-outdated`. */
  async setTerms(recordingId: string, terms: ReplicaTerms): Promise<void> {
    const { index, clock } = this.#options;
    if (index.isBuried(recordingId)) return;
    const replica = this.#require(recordingId);
    const { publicKey, userId } = replica.manifest.host;
    acceptTerms(terms, { recordingId, publicKey }, clock());
    requireNewer(terms, replica);
    if (terms.keepUntil !== null && Date.parse(terms.keepUntil) > clock()) {
      index.setTerms(recordingId, terms);
      return;
    }
    if (terms.keepUntil === null) index.bury(recordingId, userId);
    await this.drop(recordingId);
  }

  /** Shows that bytes are here. Rejects with `replica-not-found`. */
  async prove(recordingId: string, asked: ProofRequest, callerUserId: string): Promise<string> {
    const { index, objects } = this.#options;
    this.#requireOwn(recordingId, callerUserId);
    const { sha256, offset, length, nonce } = asked;
    const file = index.fileByHash(recordingId, sha256);
    if (!file || offset + length > file.sizeBytes) throw notFound();
    const bytes = await objects.read(sha256);
    if (!bytes) {
      // Better said now than found out by a viewer: its host sends it again.
      index.noteGone(sha256);
      throw notFound();
    }
    return createHash('sha256')
      .update(fromBase64Url(nonce))
      .update(bytes.subarray(offset, offset + length))
      .digest('hex');
  }

  /** Deletes a copy, whatever its host wants. */
  async drop(recordingId: string): Promise<void> {
    this.#options.index.remove(recordingId);
    await this.#removeUnused();
  }

  /** Deletes what is not to be kept any longer, and what a crash left. */
  async sweep(): Promise<void> {
    const { index, clock } = this.#options;
    for (const recordingId of index.due(clock())) index.remove(recordingId);
    await this.#removeUnused();
  }

  /** Notes what of it is not here any more, or is damaged. */
  async #readAll(recordingId: string): Promise<void> {
    const { index, objects } = this.#options;
    for (const sha256 of index.held(recordingId)) {
      if (!(await objects.read(sha256))) index.noteGone(sha256);
    }
  }

  async #removeUnused(): Promise<void> {
    const { index, objects } = this.#options;
    for (const sha256 of index.unused()) {
      await objects.remove(sha256);
      index.noteGone(sha256);
    }
  }

  #progressOf(recordingId: string, sizeBytes: number): ReplicaProgress {
    const { index } = this.#options;
    const missing = index.missing(recordingId, MAX_MISSING);
    const heldBytes = index.heldBytes(recordingId);
    return { state: missing.length === 0 ? 'whole' : 'filling', missing, heldBytes, sizeBytes };
  }

  async #freeBytes(): Promise<number> {
    const { index, objects, quotaBytes } = this.#options;
    const ofQuota = quotaBytes - index.reservedBytes();
    const ofDisk = (await objects.freeBytes()) - KEPT_FREE_BYTES;
    return Math.max(0, Math.floor(Math.min(ofQuota, ofDisk)));
  }

  #require(recordingId: string): Replica {
    const replica = this.#options.index.get(recordingId);
    if (replica) return replica;
    if (this.#options.index.isBuried(recordingId)) throw deleted();
    throw notFound();
  }

  /** Nobody else learns what is kept here. */
  #requireOwn(recordingId: string, userId: string): Replica {
    const replica = this.#require(recordingId);
    if (replica.hostUserId === userId) return replica;
    throw notFound();
  }

  #ownedBy(recordingId: string, userId: string): Replica | undefined {
    const replica = this.#options.index.get(recordingId);
    if (!replica || replica.hostUserId === userId) return replica;
    throw new ProtocolError('forbidden', 'A recording of somebody else’s has this id here.');
  }
}

function requireNewer(terms: ReplicaTerms, { terms: known }: Replica): void {
  if (Date.parse(terms.issuedAt) >= Date.parse(known.issuedAt)) return;
  throw new ProtocolError('terms-outdated', 'There are later terms of this recording here.');
}

function notFound(): ProtocolError {
  return new ProtocolError('replica-not-found', 'This node has no such copy. Bring it again.');
}

function deleted(): ProtocolError {
  return new ProtocolError('replica-deleted', 'Its host deleted this recording for good.');
}
