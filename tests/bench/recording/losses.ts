import { table } from '../figures.ts';

/** What one kill cost somebody. */
export interface Loss {
  who: string;
  /** Media there was when the kill came, in ms: what the camera had shown, not what was written. */
  recordedMs: number;
  /** Media that can be played afterwards, in ms. */
  keptMs: number;
}

/** Losses by who had them: how many kills, the middle and the worst of them, and each. */
export function lossTable(losses: readonly Loss[]): string {
  const byWho = Map.groupBy(losses, ({ who }) => who);
  const rows = [...byWho].map(([who, own]) => {
    const lost = own.map(lostMs).sort((a, b) => a - b);
    const recorded = own.reduce((sum, { recordedMs }) => sum + recordedMs, 0);
    const kept = own.reduce((sum, { keptMs }) => sum + keptMs, 0);
    return [
      ...[who, String(own.length)],
      ...[lost[Math.floor((lost.length - 1) / 2)], lost.at(-1)].map((ms) => String(ms)),
      `${((100 * kept) / recorded).toFixed(1)} %`,
    ];
  });
  return [
    table([['', 'kills', 'median lost ms', 'worst lost ms', 'kept'], ...rows]),
    '',
    ...[...byWho].map(([who, own]) => `${who}, lost ms each time: ${own.map(lostMs).join(' ')}`),
  ].join('\n');
}

function lostMs({ recordedMs, keptMs }: Loss): number {
  return Math.round(recordedMs - keptMs);
}
