import { type RefObject, useEffect, useId } from 'react';

/**
 * Tells how high an element is on the screen, in device pixels, whenever that changes: 0 where it
 * is scrolled out of sight, its window is hidden, or it is gone.
 */
export function useShownHeight(
  ref: RefObject<HTMLElement | null>,
  tell: ((place: string, heightPx: number) => void) | undefined,
): void {
  const place = useId();
  useEffect(() => {
    const element = ref.current;
    if (!element || !tell) return;
    let isInSight = true;
    let told: number | undefined;
    const look = () => {
      const isShown = isInSight && document.visibilityState === 'visible';
      const heightPx = isShown ? Math.round(element.clientHeight * window.devicePixelRatio) : 0;
      if (heightPx === told) return;
      told = heightPx;
      tell(place, heightPx);
    };
    const sizes = new ResizeObserver(look);
    const sight = new IntersectionObserver(([entry]) => {
      isInSight = entry?.isIntersecting ?? true;
      look();
    });
    sizes.observe(element);
    sight.observe(element);
    document.addEventListener('visibilitychange', look);
    return () => {
      sizes.disconnect();
      sight.disconnect();
      document.removeEventListener('visibilitychange', look);
      tell(place, 0);
    };
  }, [ref, tell, place]);
}
