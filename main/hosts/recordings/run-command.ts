import { ProtocolError } from '../../../protocol/errors.ts';
import {
  type HashStatus,
  type LibraryEntry,
  type LibraryJob,
  MAX_LIBRARY_PAGE,
} from '../../../protocol/recording-library.ts';
import type { LibraryService } from '../../recording/library/library-service.ts';
import { LaunchProblem } from '../launch-problem.ts';
import type { RecordingsCommand } from './command-line.ts';
import { openReadable, openWritable } from './open-library.ts';
import { checkLines, listLines, outcomeLines, prunedLines, recoveredLines } from './words.ts';

/** What a command came to. */
export interface CommandResult {
  /** 0, or 1 when something was damaged or went wrong. */
  exitCode: 0 | 1;
  /** For `--json`. */
  json: unknown;
  /** For a person. */
  lines: string[];
}

export interface CommandSurroundings {
  /** Shows how far a job is. */
  progress: (job: LibraryJob) => void;
  /** Aborted when the person presses Ctrl+C. */
  signal: AbortSignal;
}

type Asked<C extends RecordingsCommand['command']> = Extract<RecordingsCommand, { command: C }>;

/** Does what was asked for. Throws a `LaunchProblem` or `ProtocolError` where it can't be begun. */
export async function runCommand(
  command: Exclude<RecordingsCommand, { command: 'help' }>,
  surroundings: CommandSurroundings,
): Promise<CommandResult> {
  switch (command.command) {
    case 'list':
      return reading(command, surroundings, (library) => list(library, command));
    case 'verify':
      return reading(command, surroundings, (library) => verify(library, command));
    case 'export':
      return reading(command, surroundings, (library) => exportAll(library, command));
    case 'recover':
      return recover(command);
    case 'prune':
      return prune(command);
  }
}

async function reading(
  { dataDir }: RecordingsCommand,
  { progress, signal }: CommandSurroundings,
  work: (library: LibraryService) => Promise<CommandResult>,
): Promise<CommandResult> {
  const { library, close } = await openReadable(dataDir);
  const cancel = () => {
    for (const { jobId } of library.jobs()) library.cancel(jobId);
  };
  library.on('job', progress);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await work(library);
  } finally {
    signal.removeEventListener('abort', cancel);
    await close();
  }
}

async function list(library: LibraryService, asked: Asked<'list'>): Promise<CommandResult> {
  const recordings = allEntries(library, asked);
  return { exitCode: 0, json: { recordings }, lines: listLines(recordings) };
}

async function verify(library: LibraryService, asked: Asked<'verify'>): Promise<CommandResult> {
  const ids = asked.recordingIds.length > 0 ? asked.recordingIds : finishedIds(library);
  const outcomes: { recordingId: string; title: string; hash?: HashStatus; error?: unknown }[] = [];
  for (const job of await done(library, ids, (id) => library.verify(id))) {
    const { recordingId, title, hash, error } = job;
    outcomes.push({ recordingId, title, ...(hash && { hash }), ...(error && { error }) });
  }
  const right = outcomes.every(({ hash }) => hash?.state === 'intact');
  return { exitCode: right ? 0 : 1, json: { verified: outcomes }, lines: checkLines(outcomes) };
}

async function exportAll(library: LibraryService, asked: Asked<'export'>): Promise<CommandResult> {
  const { recordingIds, format, tracks, folder } = asked;
  const jobs = await done(library, recordingIds, (id) =>
    tracks === undefined
      ? library.export(id, format, folder)
      : library.exportTracks(id, tracks, folder),
  );
  const exported = jobs.map(({ recordingId, title, path, error, state }) => ({
    ...{ recordingId, title, state },
    ...(path !== undefined && { path }),
    ...(error && { error }),
  }));
  const right = jobs.every(({ state }) => state === 'done');
  return { exitCode: right ? 0 : 1, json: { exported }, lines: outcomeLines(jobs) };
}

async function recover({ dataDir }: Asked<'recover'>): Promise<CommandResult> {
  const { recordings, close } = await openWritable(dataDir);
  try {
    const recovered: { recordingId: string; state: string; durationMs: number; error?: string }[] =
      [];
    recordings.on('changed', (_roomId, status) => {
      if (status.state !== 'ready' && status.state !== 'failed') return;
      const { recordingId, state, durationMs, error } = status;
      recovered.push({ recordingId, state, durationMs, ...(error !== undefined && { error }) });
    });
    await recordings.recover();
    await recordings.settled();
    const right = recovered.every(({ state }) => state === 'ready');
    return { exitCode: right ? 0 : 1, json: { recovered }, lines: recoveredLines(recovered) };
  } finally {
    await close();
  }
}

async function prune({ dataDir, dryRun }: Asked<'prune'>): Promise<CommandResult> {
  const { recordings, close } = await openWritable(dataDir);
  try {
    const titles = new Map(
      recordings.planned().map(({ recordingId, title }) => [recordingId, title]),
    );
    const ids = dryRun ? [...titles.keys()] : await recordings.expireDue();
    const pruned = ids.map((recordingId) => ({ recordingId, title: titles.get(recordingId) }));
    const left = dryRun ? 0 : titles.size - ids.length;
    return {
      exitCode: left > 0 ? 1 : 0,
      json: { dryRun, pruned },
      lines: prunedLines(pruned, dryRun, left),
    };
  } finally {
    await close();
  }
}

/** Runs a job for each recording, one after the other; what can't be begun is a job that failed. */
async function done(
  library: LibraryService,
  recordingIds: readonly string[],
  begin: (recordingId: string) => LibraryJob | Promise<LibraryJob>,
): Promise<LibraryJob[]> {
  const jobs: LibraryJob[] = [];
  for (const recordingId of recordingIds) {
    const title = library.entry(recordingId).title;
    try {
      const { jobId } = await begin(recordingId);
      const job = await library.over(jobId);
      if (job) jobs.push(job);
      if (job?.state === 'cancelled') break;
    } catch (error) {
      if (!(error instanceof ProtocolError || error instanceof LaunchProblem)) throw error;
      const { code, message } = error;
      const failed = { state: 'failed', progress: 0, error: { code, message } } as const;
      jobs.push({ jobId: '', kind: 'verify', recordingId, title, ...failed });
    }
  }
  return jobs;
}

function finishedIds(library: LibraryService): string[] {
  return allEntries(library, { search: '', sort: 'startedAt', withExpired: false })
    .filter(({ state }) => state === 'ready')
    .map(({ recordingId }) => recordingId);
}

function allEntries(
  library: LibraryService,
  { search, sort, withExpired }: Pick<Asked<'list'>, 'search' | 'sort' | 'withExpired'>,
): LibraryEntry[] {
  const entries: LibraryEntry[] = [];
  for (;;) {
    const page = library.list({
      ...{ search, sort, withExpired },
      order: sort === 'title' ? 'ascending' : 'descending',
      ...{ offset: entries.length, limit: MAX_LIBRARY_PAGE },
    });
    entries.push(...page.entries);
    if (page.entries.length === 0 || entries.length >= page.total) return entries;
  }
}
