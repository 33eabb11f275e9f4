import type { RecordingCopy, VolunteerNode } from '../../protocol/replicas.ts';
import { byteSize } from '../ui/duration.ts';

/** Copies of one recording, as a few words; `undefined` where there are none, nor any to come. */
export function copiesWords(copies: readonly RecordingCopy[]): string | undefined {
  const whole = copies.filter(({ state }) => state === 'whole').length;
  const onTheirWay = copies.filter(({ state }) => state === 'waiting' || state === 'copying');
  if (whole > 0) return whole === 1 ? '1 copy' : `${whole} copies`;
  return onTheirWay.length > 0 ? 'Copying' : undefined;
}

/** Where the copies of a recording are, one line each. */
export function copyLines(copies: readonly RecordingCopy[]): string[] {
  return copies.map((copy) => `${copy.nodeName}: ${stateWords(copy)}`);
}

function stateWords({ state, heldBytes, sizeBytes, trouble }: RecordingCopy): string {
  switch (state) {
    case 'whole':
      return 'has it';
    case 'waiting':
      return trouble?.message ?? 'to be sent';
    case 'copying':
      return trouble?.message ?? `${byteSize(heldBytes)} of ${byteSize(sizeBytes)}`;
    case 'lost':
      return 'not reached for a day; another node takes its place';
    case 'refused':
      return trouble?.message ?? 'does not take it';
    case 'leaving':
      return 'is to delete it';
  }
}

/** How a node is that keeps copies. */
export function nodeWords(node: VolunteerNode): string {
  const { standing, freeBytes = 0, copies, trouble } = node;
  const has = copies === 1 ? '1 copy there' : `${copies} copies there`;
  switch (standing) {
    case 'unknown':
      return `${has}. It is being asked.`;
    case 'ready':
      return `${has}, room for ${byteSize(freeBytes)}`;
    case 'not-volunteering':
      return `${has}. It takes no new ones.`;
    case 'unreachable':
    case 'refuses':
      return `${has}. ${trouble?.message ?? 'It can’t be reached.'}`;
  }
}
