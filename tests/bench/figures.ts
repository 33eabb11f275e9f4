/** Durations in milliseconds, summed up. */
export interface Latency {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** The middle, the slow end and the worst of some durations. */
export function latencyOf(durationsMs: readonly number[]): Latency {
  const sorted = [...durationsMs].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

/** Memory of this process (RSS) in MB: at first, at its highest, and last. */
export class MemoryWatch {
  readonly startMb = rssMb();
  peakMb = this.startMb;

  sample(): void {
    this.peakMb = Math.max(this.peakMb, rssMb());
  }

  figures(): { startMb: number; peakMb: number; endMb: number } {
    this.sample();
    return { startMb: this.startMb, peakMb: this.peakMb, endMb: rssMb() };
  }
}

function rssMb(): number {
  return process.memoryUsage.rss() / 1e6;
}

/** Lines up columns: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ');
  const [head = [], ...body] = rows;
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join(
    '\n',
  );
}
