import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../../protocol/recordings.ts';
import { type KeyGrant, MAX_GRANTS } from '../../../protocol/replicas.ts';
import type { Visibility } from '../../../protocol/rooms.ts';
import type { Members } from '../../identity/members.ts';
import type { CatalogueEntry } from '../../recording/library/catalogue.ts';
import type { RecordingService } from '../../recording/recording-service.ts';
import { maySee } from '../../rendezvous/access.ts';
import { grantTag, sealSegmentKey } from '../sealed-key.ts';

/** What copies are made of: a recording's files, and who may open them. */
export class ReplicaSource {
  readonly #recordings: RecordingService;
  readonly #members: Members;
  /** Grants by recording and member: sealing draws new randomness each time. */
  readonly #grants = new Map<string, KeyGrant>();

  constructor(options: { recordings: RecordingService; members: Members }) {
    this.#recordings = options.recordings;
    this.#members = options.members;
  }

  /**
   * Recordings of this member's that may be kept elsewhere. One of a private project that is public
   * within it lies there in the clear: it stays here.
   */
  recordingsOf(hostUserId: string): CatalogueEntry[] {
    const { library } = this.#recordings;
    return library.catalogue
      .inState('ready')
      .filter((entry) => entry.hostUserId === hostUserId && !this.staysHere(entry));
  }

  staysHere({ recordingId, visibility }: CatalogueEntry): boolean {
    const audience = this.#recordings.audienceOf(recordingId);
    return visibility === 'public' && audience?.insiderUserIds !== undefined;
  }

  manifest(recordingId: string): Promise<Manifest> {
    return this.#recordings.library.manifestOf(recordingId);
  }

  /** 16 bytes for each encrypted segment, one after the other. */
  ivs(recordingId: string, { encryption, segments }: Manifest): Uint8Array {
    if (encryption === 'none') return new Uint8Array();
    const { library } = this.#recordings;
    const keys = library.keysOf(library.require(recordingId));
    return Buffer.concat(segments.map(({ uri }) => keys.segmentIv(uri)));
  }

  /** A file's bytes; `undefined` where they are not what the manifest says: they are not passed on. */
  async file(
    recordingId: string,
    { uri, sha256 }: { uri: string; sha256: string },
  ): Promise<Buffer | undefined> {
    const bytes = await readFile(join(this.#recordings.folderOf(recordingId), uri));
    return createHash('sha256').update(bytes).digest('hex') === sha256 ? bytes : undefined;
  }

  visibilityOf(recordingId: string): Visibility {
    return this.#recordings.library.require(recordingId).visibility;
  }

  /**
   * The segment key, sealed for each who may watch and is known here by their key; for those who
   * were here last where that are too many. Nobody where it is public.
   */
  async grants(recordingId: string): Promise<KeyGrant[]> {
    const key = this.#recordings.segmentKeyOf(recordingId);
    const audience = this.#recordings.audienceOf(recordingId);
    if (!key || !audience) return [];
    const allowed = this.#members
      .latest(MAX_GRANTS * 10)
      .filter(({ userId }) => maySee(audience, { userId, guest: false }))
      .slice(0, MAX_GRANTS);
    const grants: KeyGrant[] = [];
    for (const { userId, publicKey } of allowed) {
      const tag = grantTag(recordingId, userId);
      const known = this.#grants.get(tag) ?? {
        tag,
        box: await sealSegmentKey(recordingId, publicKey, key),
      };
      this.#grants.set(tag, known);
      grants.push(known);
    }
    return grants;
  }
}
