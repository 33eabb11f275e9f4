/** What a handle may be long, see `Handle`. */
const MAX_LENGTH = 32;

/**
 * A handle for a visit to a node where one's own is somebody else's: the same one with a few
 * characters of the member's id, so that it stays the same at the next visit.
 *
 * @param userId `u_…`
 */
export function visitorHandle(handle: string, userId: string): string {
  const suffix = userId
    .slice(2)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .slice(0, 6);
  return `${handle.slice(0, MAX_LENGTH - suffix.length - 1)}-${suffix}`;
}
