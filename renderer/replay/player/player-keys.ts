/** What a key does to the player. */
export type PlayerKey =
  | { do: 'toggle-play' | 'toggle-mute' | 'toggle-full-screen' | 'toggle-captions' | 'toggle-pip' }
  | { do: 'seek-by'; seconds: number }
  /** 0 to 1 of all there is. */
  | { do: 'seek-to'; fraction: number }
  | { do: 'volume-by'; fraction: number }
  /** One step faster or slower. */
  | { do: 'speed'; step: 1 | -1 };

/** The speeds there are; sound keeps its pitch. */
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

const KEYS: Record<string, PlayerKey> = {
  ' ': { do: 'toggle-play' },
  k: { do: 'toggle-play' },
  m: { do: 'toggle-mute' },
  f: { do: 'toggle-full-screen' },
  c: { do: 'toggle-captions' },
  i: { do: 'toggle-pip' },
  j: { do: 'seek-by', seconds: -10 },
  l: { do: 'seek-by', seconds: 10 },
  ArrowLeft: { do: 'seek-by', seconds: -5 },
  ArrowRight: { do: 'seek-by', seconds: 5 },
  ArrowUp: { do: 'volume-by', fraction: 0.1 },
  ArrowDown: { do: 'volume-by', fraction: -0.1 },
  Home: { do: 'seek-to', fraction: 0 },
  End: { do: 'seek-to', fraction: 1 },
  '<': { do: 'speed', step: -1 },
  '>': { do: 'speed', step: 1 },
};

/** What a key press means to the player, the same as in other players; `undefined` for nothing. */
export function playerKey(
  pressed: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): PlayerKey | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return undefined;
  if (/^[0-9]$/.test(pressed.key)) return { do: 'seek-to', fraction: Number(pressed.key) / 10 };
  return KEYS[pressed.key] ?? KEYS[pressed.key.toLowerCase()];
}

/** The next speed up or down; the same at either end. */
export function nextSpeed(speed: number, step: 1 | -1): number {
  const at = SPEEDS.findIndex((known) => known >= speed);
  const next = SPEEDS[(at < 0 ? SPEEDS.length - 1 : at) + step];
  return next ?? speed;
}
