import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `getStats()` of a real call between two connections of a Chromium 156 with its fake camera
 * (640x360, 20 fps) and microphone, a second apart, cut down to the fields that are read.
 */
export function recordedReports(): [RTCStatsReport, RTCStatsReport] {
  const file = join(import.meta.dirname, 'fixtures/chromium-two-reports.json');
  const [first, second] = JSON.parse(readFileSync(file, 'utf8')) as RTCStats[][];
  return [reportOf(first ?? []), reportOf(second ?? [])];
}

function reportOf(entries: readonly RTCStats[]): RTCStatsReport {
  return new Map(entries.map((entry) => [entry.id, entry]));
}
