import { DisplayName } from '../../protocol/identity.ts';

const KEY = 'swarm.guestName';

/** The name a guest used last in this browser; empty where there is none or it can't be read. */
export function readGuestName(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch (error) {
    console.info('This browser keeps nothing for this page; the name has to be typed.', error);
    return '';
  }
}

/** Keeps the name for the next visit, where the browser lets us. */
export function writeGuestName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch (error) {
    console.info('The name could not be kept for the next visit.', error);
  }
}

/** The name as it will be shown; `undefined` when it is empty or too long. */
export function validGuestName(name: string): string | undefined {
  const parsed = DisplayName.safeParse(name);
  return parsed.success ? parsed.data : undefined;
}
