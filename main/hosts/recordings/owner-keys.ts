import type { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../clock.ts';
import { Identity } from '../../identity/identity.ts';
import { openMasterKey } from '../../recording/keys/master-key.ts';
import type { RecordingServiceOptions } from '../../recording/recording-service.ts';
import type { SecretStore } from '../host.ts';
import { LaunchProblem } from '../launch-problem.ts';

/** What recordings are signed and opened with. */
export type OwnerKeys = Pick<RecordingServiceOptions, 'signer' | 'masterKey'>;

/**
 * The studio's keys. Where they are encrypted by the system's key ring (the desktop app's), only
 * what needs none works: the public key is in the database, and asking for another throws
 * `secrets-locked`.
 */
export async function openOwnerKeys(secrets: SecretStore, db: DatabaseSync): Promise<OwnerKeys> {
  try {
    return {
      signer: await Identity.open({ secrets, db, clock: systemClock }),
      masterKey: await openMasterKey(secrets),
    };
  } catch (error) {
    if (!(error instanceof LaunchProblem && error.code === 'secrets-locked')) throw error;
    return lockedKeys(db, error);
  }
}

function lockedKeys(db: DatabaseSync, cause: LaunchProblem): OwnerKeys {
  const locked = () =>
    new LaunchProblem(
      'secrets-locked',
      "This studio's keys are encrypted by the system's key ring, which can't be used from here. Do this on the studio's Recordings page instead.",
      { cause },
    );
  const owner = db
    .prepare('SELECT user_id, public_key FROM members JOIN identity USING (handle)')
    .get();
  if (!owner) throw locked();
  return {
    signer: {
      userId: String(owner.user_id),
      publicKey: String(owner.public_key),
      sign() {
        throw locked();
      },
    },
    get masterKey(): Uint8Array {
      throw locked();
    },
  };
}
