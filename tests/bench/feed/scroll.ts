import type { Page } from 'playwright';

export interface ScrollFigures {
  frames: number;
  /** Frames that came more than 32 ms after the one before. */
  late: number;
  worstMs: number;
  pixels: number;
}

const LATE_MS = 32;

/** Scrolls the element down at a steady pace for so long, and counts frames that came late. */
export async function scrollDown(
  page: Page,
  selector: string,
  { seconds, pixelsPerSecond }: { seconds: number; pixelsPerSecond: number },
): Promise<ScrollFigures> {
  return page.evaluate(
    ([at, forMs, speed, lateMs]) =>
      new Promise<ScrollFigures>((resolve, reject) => {
        const scroller = document.querySelector(at);
        if (!scroller) return reject(new Error(`There is no ${at}.`));
        const figures = { frames: 0, late: 0, worstMs: 0, pixels: 0 };
        const from = scroller.scrollTop;
        const startedAt = performance.now();
        let last = startedAt;
        function frame(now: number) {
          const tookMs = now - last;
          last = now;
          figures.frames += 1;
          figures.worstMs = Math.max(figures.worstMs, tookMs);
          if (tookMs > lateMs) figures.late += 1;
          const elapsed = now - startedAt;
          if (!scroller) return;
          if (elapsed >= forMs) return resolve({ ...figures, pixels: scroller.scrollTop - from });
          scroller.scrollTop = from + (elapsed / 1000) * speed;
          requestAnimationFrame(frame);
        }
        requestAnimationFrame(frame);
      }),
    [selector, seconds * 1000, pixelsPerSecond, LATE_MS] as const,
  );
}

/** A page of as many plain boxes, for comparison. */
export function plainPage(boxes: number): string {
  const box = '<p style="height:144px;margin:0 0 16px;border:1px solid #ccc">Plain words</p>';
  return `<div id="page" style="height:100vh;overflow-y:auto">${box.repeat(boxes)}</div>`;
}
