import { z } from 'zod';

/** A window's size in px at the least, so that the room and its tray fit. */
export const MIN_WIDTH = 900;
export const MIN_HEIGHT = 600;

/** How much of a window's top must lie on a display, in px, so that it can be grabbed. */
const GRIP = 80;

export const WindowState = z.object({
  x: z.int().exactOptional(),
  y: z.int().exactOptional(),
  width: z.int().min(MIN_WIDTH),
  height: z.int().min(MIN_HEIGHT),
  maximized: z.boolean(),
});
/** How the window was left, as kept from run to run. */
export type WindowState = z.infer<typeof WindowState>;

/** A display's usable area in the coordinates of windows. */
export interface WorkArea {
  x: number;
  y: number;
  width: number;
  height: number;
}

const FIRST: WindowState = { width: 1320, height: 860, maximized: false };

/**
 * The state to open with: as it was left where a display still shows it, else centred by the
 * system in a size that fits the first display.
 *
 * @param stored whatever the file holds.
 */
export function openingState(stored: unknown, displays: readonly WorkArea[]): WindowState {
  const { x, y, ...size } = WindowState.safeParse(stored).data ?? FIRST;
  const home = displays.find((area) => showsGrip({ x, y, width: size.width }, area));
  const area = home ?? displays[0];
  const fitting = area
    ? {
        ...size,
        width: Math.min(size.width, area.width),
        height: Math.min(size.height, area.height),
      }
    : size;
  return home && x !== undefined && y !== undefined ? { ...fitting, x, y } : fitting;
}

function showsGrip(
  window: { x: number | undefined; y: number | undefined; width: number },
  area: WorkArea,
): boolean {
  if (window.x === undefined || window.y === undefined) return false;
  const shownWidth =
    Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const topInside = window.y >= area.y && window.y <= area.y + area.height - GRIP;
  return shownWidth >= GRIP && topInside;
}
