import { ProtocolError } from '../../protocol/errors.ts';
import { type Audience, type Caller, isInside, maySee } from '../rendezvous/access.ts';

/**
 * Throws unless a recording's audience holds the caller: `recording-not-found` for an unknown
 * recording, `auth-required` when nobody is signed in, else `forbidden`.
 */
export function requireMaySee(
  audience: Audience | undefined,
  caller: Pick<Caller, 'userId' | 'guest'> | undefined,
): asserts audience is Audience {
  if (!audience) {
    throw new ProtocolError('recording-not-found', 'There is no such recording.');
  }
  if (maySee(audience, caller)) return;
  // Nobody outside learns that a private project has a recording.
  if (!isInside(audience, caller)) {
    throw new ProtocolError('recording-not-found', 'There is no such recording.');
  }
  if (!caller) {
    throw new ProtocolError('auth-required', 'Sign in to watch this recording.');
  }
  throw new ProtocolError(
    'forbidden',
    'This recording is for the people who were invited. Ask its host to let you in.',
  );
}
