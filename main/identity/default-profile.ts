import { DisplayName, Handle } from '../../protocol/identity.ts';

/** A handle and display name made valid from the system's user name, whatever that holds. */
export function defaultProfile(userName: string): { handle: string; displayName: string } {
  const handle = userName
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
    .slice(0, 32);
  const displayName = DisplayName.safeParse(userName.slice(0, 64));
  return {
    handle: Handle.safeParse(handle).success ? handle : 'member',
    displayName: displayName.success ? displayName.data : 'Member',
  };
}
