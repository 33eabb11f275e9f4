import type { HashStatus, LibraryEntry, LibraryJob } from '../../../protocol/recording-library.ts';

/** The recordings as a table. */
export function listLines(entries: readonly LibraryEntry[]): string[] {
  if (entries.length === 0) return ['There are no recordings.'];
  return entries.map((entry) => {
    const { recordingId, startedAt, durationMs, sizeBytes, title } = entry;
    return [
      recordingId,
      startedAt.slice(0, 16).replace('T', ' '),
      clock(durationMs).padStart(8),
      megabytes(sizeBytes).padStart(10),
      kept(entry).padEnd(16),
      entry.hash.state.padEnd(9),
      printable(title),
    ].join('  ');
  });
}

/** What a check of each recording said. */
export function checkLines(
  outcomes: readonly { recordingId: string; title: string; hash?: HashStatus; error?: unknown }[],
): string[] {
  if (outcomes.length === 0) return ['There is nothing to verify.'];
  return outcomes.flatMap(({ recordingId, title, hash, error }) => {
    const name = `${recordingId}  ${printable(title)}`;
    if (hash === undefined || hash.state === 'unchecked') {
      return [`unknown  ${name}: ${messageOf(error)}`];
    }
    const { tracksLeftOut } = hash;
    const leftOut =
      tracksLeftOut === undefined ? [] : [`         tracks: left out. ${tracksLeftOut}`];
    if (hash.state === 'intact') return [`intact   ${name}`, ...leftOut];
    const more = hash.problemCount - hash.problems.length;
    return [
      `damaged  ${name}`,
      ...hash.problems.map(({ file, reason }) => `         ${file}: ${reason}`),
      ...(more > 0 ? [`         and ${more} more files`] : []),
      ...leftOut,
    ];
  });
}

/** What became of each export. */
export function outcomeLines(jobs: readonly LibraryJob[]): string[] {
  return jobs.map((job) =>
    job.state === 'done'
      ? `exported  ${job.path}`
      : `${job.state}  ${job.recordingId}  ${printable(job.title)}: ${job.error?.message ?? 'nothing of it is left'}`,
  );
}

/** What was finished of what a crash left. */
export function recoveredLines(
  recovered: readonly { recordingId: string; state: string; durationMs: number; error?: string }[],
): string[] {
  if (recovered.length === 0) return ['There was nothing to recover.'];
  return recovered.map(({ recordingId, state, durationMs, error }) =>
    state === 'ready'
      ? `recovered  ${recordingId}  ${clock(durationMs)}`
      : `failed     ${recordingId}  ${error ?? 'its bytes are kept'}`,
  );
}

/** What was deleted, or would be. */
export function prunedLines(
  pruned: readonly { recordingId: string; title: string | undefined }[],
  dryRun: boolean,
  left: number,
): string[] {
  const verb = dryRun ? 'would delete' : 'deleted';
  return [
    ...(pruned.length === 0 ? ['Nothing is past its date, and everything fits.'] : []),
    ...pruned.map(({ recordingId, title }) => `${verb}  ${recordingId}  ${printable(title ?? '')}`),
    ...(left > 0 ? [`${left} could not be deleted; the lines above say why.`] : []),
  ];
}

function kept({ state, pinned, retainUntil }: LibraryEntry): string {
  if (state !== 'ready') return state;
  return pinned ? 'kept for good' : `until ${retainUntil.slice(0, 10)}`;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A title can't move the cursor or colour the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '�');
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : 'it could not be checked';
}
