import { type RefObject, useEffect } from 'react';
import { VoiceActivity } from '../media/voice-activity.ts';

const voices = new VoiceActivity();

/** Marks an element with `data-speaking` while this stream's person speaks, without rendering it. */
export function useSpeakingMark(
  ref: RefObject<HTMLElement | null>,
  stream: MediaStream | undefined,
): void {
  useEffect(() => {
    const element = ref.current;
    if (!element || !stream) return;
    const stop = voices.watch(stream, (speaks) => {
      element.dataset.speaking = String(speaks);
    });
    return () => {
      stop();
      delete element.dataset.speaking;
    };
  }, [ref, stream]);
}
