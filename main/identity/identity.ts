import { type KeyObject, sign } from 'node:crypto';
import { userInfo } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import { type ChatAct, chatText } from '../../protocol/chat.ts';
import { fromBase64Url, toBase64Url } from '../../protocol/encoding.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { DisplayName, dtlsProofText, Handle, type Profile } from '../../protocol/identity.ts';
import type { ModerationEvent } from '../../protocol/moderation.ts';
import { moderationText } from '../../protocol/moderation-text.ts';
import { type Clock, isoTime } from '../clock.ts';
import type { SecretStore } from '../hosts/host.ts';
import { openSegmentKey } from '../replicas/sealed-key.ts';
import { migrate } from '../storage/database.ts';
import { isNonceFor } from './audience-mark.ts';
import { defaultProfile } from './default-profile.ts';
import { publicKeyOf, userIdOfKey } from './ed25519.ts';
import { storedKey } from './stored-key.ts';

/** The name under which the member's private key (PKCS #8) lies in the secret store. */
export const IDENTITY_SECRET = 'identity-key';

const STEPS = [
  `CREATE TABLE identity (
     only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
     handle TEXT NOT NULL,
     display_name TEXT NOT NULL,
     chosen INTEGER NOT NULL,
     updated_at TEXT NOT NULL
   ) STRICT`,
];

/** Same as the contract's: nothing else this key signs can look like it. */
const NONCE_SHAPE = /^[A-Za-z0-9_-]{16,256}$/;

export interface IdentityOptions {
  secrets: SecretStore;
  db: DatabaseSync;
  clock: Clock;
  /** The system's name for the user, for the first profile; asked of the system by default. */
  systemUserName?: () => string;
}

/** The member whose studio this is: an Ed25519 key that never leaves main, and a profile. */
export class Identity {
  /** The raw 32-byte Ed25519 key as base64url. */
  readonly publicKey: string;
  readonly userId: string;
  readonly #privateKey: KeyObject;
  readonly #db: DatabaseSync;
  readonly #clock: Clock;

  private constructor(privateKey: KeyObject, options: IdentityOptions) {
    this.#privateKey = privateKey;
    this.#db = options.db;
    this.#clock = options.clock;
    this.publicKey = publicKeyOf(privateKey);
    this.userId = userIdOfKey(this.publicKey);
  }

  /** Reads the key and the profile, making both at first start. */
  static async open(options: IdentityOptions): Promise<Identity> {
    migrate(options.db, 'identity', STEPS);
    const identity = new Identity(await storedKey(options.secrets, IDENTITY_SECRET), options);
    if (!identity.#row()) {
      identity.#write(defaultProfile((options.systemUserName ?? systemUserName)()), false);
    }
    return identity;
  }

  profile(): Profile {
    const row = this.#row();
    if (!row) throw new Error('The profile is missing from the database.');
    return {
      userId: this.userId,
      publicKey: this.publicKey,
      handle: String(row.handle),
      displayName: String(row.display_name),
    };
  }

  /** Whether the person chose this profile; until then it is made from the system's user name. */
  get profileChosen(): boolean {
    return this.#row()?.chosen === 1;
  }

  /** Throws a `ZodError` when a field is not valid. */
  update(profile: { handle: string; displayName: string }): Profile {
    this.#write(profile, true);
    return this.profile();
  }

  /** Ed25519 over the bytes, as base64url. For main's own documents (manifests). */
  sign(bytes: Uint8Array): string {
    return sign(null, bytes, this.#privateKey).toString('base64url');
  }

  /**
   * Answers a session challenge of the node at `audience`. Throws `validation-failed` for any
   * other text: a page that may ask for this signature must not get one over a fingerprint or a
   * manifest. Throws `node-untrusted` for a nonce that was made for another node's clients: who
   * has it signed could go there in this member's name.
   */
  signNonce(nonce: string, audience: string): { publicKey: string; signature: string } {
    if (!NONCE_SHAPE.test(nonce)) {
      throw new ProtocolError('validation-failed', 'Only the nonce of a challenge can be signed.', [
        { path: 'nonce', message: 'must be 16-256 base64url characters' },
      ]);
    }
    if (!isNonceFor(audience, nonce)) {
      throw new ProtocolError(
        'node-untrusted',
        `The node at ${audience} asked for a signature that does not name it, so it was not given. If that node is what it says, it has to be updated.`,
      );
    }
    return { publicKey: this.publicKey, signature: this.sign(Buffer.from(nonce, 'utf8')) };
  }

  /** Binds a DTLS fingerprint to this member, see `dtlsProofText`. */
  signFingerprint(proof: { roomId: string; from: string; to: string; fingerprint: string }): {
    signature: string;
  } {
    return { signature: this.sign(Buffer.from(dtlsProofText(proof), 'utf8')) };
  }

  /**
   * Signs an act of moderation, see `moderationText`. Throws `validation-failed` for one that is
   * said to be somebody else's.
   */
  signModeration(event: ModerationEvent): { signature: string } {
    if (event.actor.userId !== this.userId) {
      throw new ProtocolError('validation-failed', 'Only acts of one’s own can be signed.', [
        { path: 'event.actor.userId', message: 'must be this studio’s own member' },
      ]);
    }
    return { signature: this.sign(Buffer.from(moderationText(event), 'utf8')) };
  }

  /** Opens a recording's segment key that its host sealed for this member. Rejects with `forbidden`. */
  async openSegmentKey(recordingId: string, box: string): Promise<{ key: string }> {
    const { d } = this.#privateKey.export({ format: 'jwk' });
    if (typeof d !== 'string') throw new Error('An Ed25519 key must have a private half.');
    const key = await openSegmentKey(recordingId, fromBase64Url(d), box);
    return { key: toBase64Url(key) };
  }

  /** Signs a message or a deletion of one's own. Throws `validation-failed` for anybody else's. */
  signChat(act: ChatAct): { signature: string } {
    const userId = 'message' in act ? act.message.author.userId : act.deletion.by;
    if (userId !== this.userId) {
      throw new ProtocolError('validation-failed', 'Only messages of one’s own can be signed.', [
        { path: 'author.userId', message: 'must be this studio’s own member' },
      ]);
    }
    return { signature: this.sign(Buffer.from(chatText(act), 'utf8')) };
  }

  #row() {
    return this.#db.prepare('SELECT handle, display_name, chosen FROM identity').get();
  }

  #write(profile: { handle: string; displayName: string }, chosen: boolean): void {
    this.#db
      .prepare(
        `INSERT INTO identity (only_row, handle, display_name, chosen, updated_at)
         VALUES (1, ?, ?, ?, ?)
         ON CONFLICT (only_row) DO UPDATE SET handle = excluded.handle,
           display_name = excluded.display_name, chosen = excluded.chosen,
           updated_at = excluded.updated_at`,
      )
      .run(
        Handle.parse(profile.handle),
        DisplayName.parse(profile.displayName),
        Number(chosen),
        isoTime(this.#clock()),
      );
  }
}

function systemUserName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    // A user id without an account entry, as containers have it; anything else is a fault.
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR') return '';
    throw error;
  }
}
