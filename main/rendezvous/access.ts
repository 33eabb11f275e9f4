import type { FastifyRequest } from 'fastify';
import type { Scope } from '../../protocol/identity.ts';
import type { Visibility } from '../../protocol/rooms.ts';

/** Who is asking, as their session proves it. */
export interface Caller {
  userId: string;
  publicKey: string;
  handle: string;
  displayName: string;
  scopes: readonly Scope[];
  /** Came by a link alone, without a reserved handle. */
  guest: boolean;
}

/** How routes learn who is asking. Errors are `ProtocolError`s. */
export interface Access {
  /** `undefined` without an `Authorization` header. Throws `auth-failed` for a bad or old token. */
  caller(request: FastifyRequest): Promise<Caller | undefined>;
  /** Throws `auth-required` when nobody is signed in, `forbidden` when the scope is missing. */
  requireCaller(request: FastifyRequest, scope?: Scope): Promise<Caller>;
}

/** Who may see a room, its post, its recording. */
export interface Audience {
  visibility: Visibility;
  hostUserId: string;
  /** People let in by name or invitation, whatever the visibility. */
  allowedUserIds: ReadonlySet<string>;
  /**
   * The members of the private project it belongs to: it is for them alone, and among them as its
   * visibility says. Absent where there is no such project.
   */
  insiderUserIds?: ReadonlySet<string> | undefined;
  /** People who were banned: what is not for everybody is not for them. */
  barredUserIds?: ReadonlySet<string>;
}

/**
 * `public` is for everybody, `followers` for every signed-in member, `invite-only` for those
 * who were let in, unless they were banned. The host always may.
 */
export function maySee(
  audience: Audience,
  caller: Pick<Caller, 'userId' | 'guest'> | undefined,
): boolean {
  if (caller && caller.userId === audience.hostUserId) return true;
  if (!isInside(audience, caller)) return false;
  if (audience.visibility === 'public') return true;
  if (!caller) return false;
  if (audience.barredUserIds?.has(caller.userId)) return false;
  if (audience.allowedUserIds.has(caller.userId)) return true;
  return audience.visibility === 'followers' && !caller.guest;
}

/** Whether nothing is hidden from the caller for the sake of a private project. */
export function isInside(
  { insiderUserIds, hostUserId }: Pick<Audience, 'insiderUserIds' | 'hostUserId'>,
  caller: Pick<Caller, 'userId'> | undefined,
): boolean {
  if (!insiderUserIds) return true;
  return (
    caller !== undefined && (insiderUserIds.has(caller.userId) || caller.userId === hostUserId)
  );
}
