import { type ReactNode, useDeferredValue } from 'react';

/**
 * Comes right after what stands around it, in small steps that leave the page responsive: for what
 * nobody waits for while others, a first remote picture say, should not wait for it.
 */
export function Later({ children }: { children: ReactNode }) {
  return useDeferredValue(true, false) ? children : null;
}
