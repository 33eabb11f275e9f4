import { table } from '../figures.ts';
import { type JournalFigures, measureJournal } from '../ingest-journal.ts';

/** A recorder's slices have 40 to 130 KiB; the last is for larger pictures. */
const SLICE_KIB = [64, 128, 256] as const;

/** How long a journal takes for a slice, in turn with a bare write and fdatasync of the same one. */
export async function measureAppends(dir: string, slices: number): Promise<JournalFigures[]> {
  const all: JournalFigures[] = [];
  for (const kib of SLICE_KIB) {
    all.push(await measureJournal(dir, slices * kib * 1024, kib * 1024, () => undefined));
  }
  return all;
}

export function appendTable(all: readonly JournalFigures[]): string {
  return table([
    [
      ...['slice', 'bare p50 ms', 'journal p50 ms', 'times'],
      ...['bare p99 ms', 'journal p99 ms', 'times'],
    ],
    ...all.map(({ sliceBytes, bare, journal }) => [
      `${sliceBytes / 1024} KiB`,
      ...compared(bare.p50Ms, journal.p50Ms),
      ...compared(bare.p99Ms, journal.p99Ms),
    ]),
  ]);
}

function compared(bareMs: number, journalMs: number): string[] {
  return [bareMs.toFixed(2), journalMs.toFixed(2), (journalMs / bareMs).toFixed(2)];
}
