import { createHash, randomBytes, randomInt } from 'node:crypto';
import { ProtocolError } from '../../../protocol/errors.ts';
import type { Manifest } from '../../../protocol/recordings.ts';
import { MAX_PROOF_BYTES, type ReplicaProgress } from '../../../protocol/replicas.ts';
import type { Clock } from '../../clock.ts';
import type { Identity } from '../../identity/identity.ts';
import type { CatalogueEntry } from '../../recording/library/catalogue.ts';
import { signTerms } from '../replica-terms.ts';
import type { Copy, CopyChange, CopyStore } from './copy-store.ts';
import { leavingTerms, termsKey, termsOf } from './copy-terms.ts';
import type { ReplicaSource } from './replica-source.ts';
import type { VolunteerClient } from './volunteer-client.ts';

/** How often a copy has to show that it is there. */
export const PROVE_EVERY_MS = 6 * 60 * 60 * 1000;

export interface CopyWorkerOptions {
  store: CopyStore;
  source: ReplicaSource;
  identity: Identity;
  clock: Clock;
  /** The recording while it is kept; afterwards its copies are deleted for good. */
  entryOf: (recordingId: string) => CatalogueEntry | undefined;
  /** Whether sending has to stop for now. */
  held: () => boolean;
  changed: () => void;
}

/** Brings one copy on one node to where it should be: sent, proven, renewed, deleted. */
export class CopyWorker {
  readonly #options: CopyWorkerOptions;

  constructor(options: CopyWorkerOptions) {
    this.#options = options;
  }

  /** Whether there is something to do now. Asking costs no more than looking. */
  async isDue(copy: Copy): Promise<boolean> {
    switch (copy.state) {
      case 'waiting':
      case 'copying':
        return !this.#options.held();
      case 'leaving':
        return true;
      case 'lost':
      case 'whole':
        return this.#isToProve(copy) || (await this.#hasOtherTerms(copy));
      case 'refused':
        return false;
    }
  }

  /** Does it. Rejects with the node's refusal, or where it can't be reached. */
  async work(copy: Copy, node: VolunteerClient, signal: AbortSignal): Promise<void> {
    if (copy.state === 'leaving') return this.#leave(copy, node);
    if (copy.state === 'waiting' || copy.state === 'copying') {
      return this.#send(copy, node, signal);
    }
    if (this.#isToProve(copy) && !(await this.#prove(copy, node))) {
      // It is sent again at the next look.
      this.#set(copy, { state: 'waiting', heldBytes: 0, provenAtMs: undefined });
      return;
    }
    await this.#renew(copy, node);
  }

  async #send(copy: Copy, node: VolunteerClient, signal: AbortSignal): Promise<void> {
    const { source, held } = this.#options;
    const { recordingId } = copy;
    const manifest = await source.manifest(recordingId);
    const terms = await this.#termsFor(copy);
    let progress = await node.deposit({
      manifest,
      terms: signTerms(terms, this.#options.identity),
      ivs: Buffer.from(source.ivs(recordingId, manifest)).toString('base64url'),
    });
    const files = new Map([manifest.init, ...manifest.segments].map((file) => [file.sha256, file]));
    this.#set(copy, { state: 'copying', ...sizesOf(progress), termsKey: termsKey(terms) });
    while (progress.missing.length > 0) {
      for (const sha256 of progress.missing) {
        signal.throwIfAborted();
        if (held()) return;
        const file = files.get(sha256);
        const bytes = file && (await source.file(recordingId, file));
        if (!file || !bytes) throw damagedHere();
        await node.sendFile(recordingId, sha256, bytes);
        const heldBytes = Math.min(progress.sizeBytes, this.#heldOf(copy) + bytes.length);
        this.#set(copy, { heldBytes });
      }
      const before = progress.missing;
      progress = await node.progress(recordingId);
      if (progress.missing[0] === before[0]) {
        throw new ProtocolError('hash-mismatch', 'The node takes files and does not keep them.');
      }
    }
    this.#set(copy, { ...sizesOf(progress), ...this.#whole() });
  }

  /** Asks for a stretch that nobody could foretell. @returns whether it is there */
  async #prove(copy: Copy, node: VolunteerClient): Promise<boolean> {
    const { source } = this.#options;
    const { recordingId } = copy;
    const file = anyOf(await source.manifest(recordingId));
    const length = Math.min(file.sizeBytes, MAX_PROOF_BYTES);
    const offset = randomInt(file.sizeBytes - length + 1);
    const nonce = randomBytes(32);
    const bytes = await source.file(recordingId, file);
    if (!bytes) throw damagedHere();
    if (!(await hasAll(node, recordingId))) return false;
    const expected = createHash('sha256')
      .update(nonce)
      .update(bytes.subarray(offset, offset + length))
      .digest('hex');
    const { sha256 } = file;
    const asked = { sha256, offset, length, nonce: nonce.toString('base64url') };
    const proof = await unlessGone(node.prove(recordingId, asked));
    if (proof !== expected) return false;
    this.#set(copy, this.#whole());
    return true;
  }

  async #renew(copy: Copy, node: VolunteerClient): Promise<void> {
    const terms = await this.#termsFor(copy);
    if (termsKey(terms) === copy.termsKey) return;
    await node.sendTerms(signTerms(terms, this.#options.identity));
    this.#set(copy, { termsKey: termsKey(terms) });
  }

  async #leave(copy: Copy, node: VolunteerClient): Promise<void> {
    const { store, identity, clock, entryOf, changed } = this.#options;
    const forGood = entryOf(copy.recordingId) === undefined;
    const terms = leavingTerms(copy.recordingId, { forGood, nowMs: clock() });
    await unlessGone(node.sendTerms(signTerms(terms, identity)));
    store.forget(copy);
    changed();
  }

  async #termsFor({ recordingId, origin }: Copy) {
    const { store, source, clock, entryOf } = this.#options;
    const entry = entryOf(recordingId);
    if (!entry) throw new ProtocolError('recording-expired', 'This recording was deleted.');
    const whole = store.copiesOf(recordingId).filter(({ state }) => state === 'whole');
    return termsOf(entry, {
      copies: [...new Set([origin, ...whole.map((copy) => copy.origin)])],
      grants: await source.grants(recordingId),
      nowMs: clock(),
    });
  }

  async #hasOtherTerms(copy: Copy): Promise<boolean> {
    if (!this.#options.entryOf(copy.recordingId)) return false;
    return termsKey(await this.#termsFor(copy)) !== copy.termsKey;
  }

  #isToProve({ state, provenAtMs }: Copy): boolean {
    if (state === 'lost') return true;
    return provenAtMs === undefined || this.#options.clock() - provenAtMs >= PROVE_EVERY_MS;
  }

  #whole(): CopyChange {
    return {
      state: 'whole',
      provenAtMs: this.#options.clock(),
      failingSinceMs: undefined,
      trouble: undefined,
    };
  }

  #heldOf({ recordingId, origin }: Copy): number {
    return this.#options.store.get(recordingId, origin)?.heldBytes ?? 0;
  }

  #set(copy: Copy, change: CopyChange): void {
    this.#options.store.update(copy, change);
    this.#options.changed();
  }
}

/** Whether it still says that it has every file. */
async function hasAll(node: VolunteerClient, recordingId: string): Promise<boolean> {
  const progress = await unlessGone(node.progress(recordingId));
  return progress?.state === 'whole';
}

/** `undefined` where the node has no such copy. */
async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof ProtocolError && error.code === 'replica-not-found') return undefined;
    throw error;
  });
}

function sizesOf({ heldBytes, sizeBytes }: ReplicaProgress): CopyChange {
  return { heldBytes, sizeBytes };
}

function anyOf({ init, segments }: Manifest) {
  const files = [init, ...segments];
  return files[randomInt(files.length)] ?? init;
}

function damagedHere(): ProtocolError {
  return new ProtocolError(
    'recording-damaged',
    'A file of this recording is not what its manifest says, so it is not passed on. Verify the recording.',
  );
}
