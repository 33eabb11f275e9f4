import { useEffect, useRef } from 'react';
import type { Knock } from '../../../protocol/rooms.ts';
import { useStudio } from '../../app/studio-context.ts';
import { playKnock } from './knock-sound.ts';

/** Makes each new knock heard, and shown by the system while nobody looks at this window. */
export function useKnockAlert(knocks: readonly Knock[], roomTitle: string | undefined): void {
  const { bridge } = useStudio();
  const heard = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const fresh = knocks.filter(({ peerId }) => !heard.current.has(peerId));
    heard.current = new Set(knocks.map(({ peerId }) => peerId));
    if (fresh.length === 0) return;
    playKnock().catch((error: unknown) => console.info('The knock could not be heard.', error));
    if (document.visibilityState === 'visible') return;
    for (const { displayName } of fresh) {
      bridge
        ?.call('studio.notify', {
          title: `${displayName} asks to come in`,
          body: roomTitle ? `They knocked at “${roomTitle}”.` : 'They knocked at your room.',
        })
        .catch((error: unknown) => console.warn('The system was not told of a knock.', error));
    }
  }, [knocks, roomTitle, bridge]);
}
