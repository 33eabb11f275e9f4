import { Handle } from '../../protocol/identity.ts';

/**
 * A guest types a name, not a handle: this makes a valid one of it. It need not be unique,
 * because nodes do not reserve the handles of guests.
 */
export function guestHandle(displayName: string): string {
  const slug = displayName
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replaceAll(/^-+|-+$/g, '');
  return Handle.safeParse(slug).success ? slug : 'guest';
}
