import {
  defaultRangeExtractor,
  useVirtualizer,
  type VirtualItem,
  type Virtualizer,
} from '@tanstack/react-virtual';
import { type RefObject, useState } from 'react';

/** How tall rows were, to be given back when the same list is drawn again. */
export type RowMeasurements = VirtualItem[];

export interface VirtualRowsOptions {
  count: number;
  /** What a row takes before it was measured, in pixels. */
  estimatedPx: number;
  /** Between two rows, in pixels. */
  gapPx?: number;
  /** Rows that are drawn before and after those in sight. */
  overscan?: number;
  keyOf?: (index: number) => string | number;
  measured?: RowMeasurements;
  /** The list; it lies in the element that scrolls, `#page`. */
  list: RefObject<HTMLElement | null>;
}

export interface VirtualRows {
  virtualizer: Virtualizer<HTMLElement, Element>;
  /** In pixels, of all rows. */
  totalPx: number;
  /** Rows to be drawn, and how far below the list's top each lies. */
  rows: { index: number; offsetPx: number }[];
  /** For each row's `onFocus`. */
  focused(index: number): void;
  /** For the list's `onBlur`. */
  blurred(): void;
}

/**
 * The rows of a long list that are to be drawn: those in sight, and the one that has the focus,
 * which must not vanish under whoever uses a keyboard.
 */
export function useVirtualRows(options: VirtualRowsOptions): VirtualRows {
  const { count, estimatedPx, gapPx = 0, overscan = 8, keyOf, measured, list } = options;
  const [focused, setFocused] = useState<number>();
  const virtualizer = useVirtualizer<HTMLElement, Element>({
    count,
    estimateSize: () => estimatedPx,
    gap: gapPx,
    overscan,
    getScrollElement: () => document.getElementById('page'),
    scrollMargin: list.current?.offsetTop ?? 0,
    ...(keyOf && { getItemKey: keyOf }),
    ...(measured && { initialMeasurementsCache: measured }),
    rangeExtractor(range) {
      const inSight = defaultRangeExtractor(range);
      if (focused === undefined || focused >= range.count || inSight.includes(focused)) {
        return inSight;
      }
      return [...inSight, focused].sort((a, b) => a - b);
    },
  });
  return {
    virtualizer,
    totalPx: virtualizer.getTotalSize(),
    rows: virtualizer.getVirtualItems().map(({ index, start }) => ({
      index,
      offsetPx: start - virtualizer.options.scrollMargin,
    })),
    focused: setFocused,
    blurred: () => setFocused(undefined),
  };
}
