import type {
  HashStatus,
  LibraryEntry,
  LibraryJob,
  LibrarySort,
  QuotaPreview,
} from '../../protocol/recording-library.ts';
import { byteSize } from '../ui/duration.ts';
import { dateOf } from '../ui/relative-time.ts';

/** How the list is sorted, as people choose it. */
export const SORTS = [
  { value: 'startedAt', label: 'Newest' },
  { value: 'title', label: 'Title' },
  { value: 'durationMs', label: 'Longest' },
  { value: 'sizeBytes', label: 'Largest' },
  { value: 'retainUntil', label: 'Going next' },
] as const satisfies readonly { value: LibrarySort; label: string }[];

/** Which end of each order comes first. */
export function orderOf(sort: LibrarySort): 'ascending' | 'descending' {
  return sort === 'title' || sort === 'retainUntil' ? 'ascending' : 'descending';
}

/** Until when it is kept, or what it is in the middle of. */
export function keptWords(entry: LibraryEntry, nowMs: number): string {
  switch (entry.state) {
    case 'recording':
      return 'Being recorded';
    case 'finalizing':
      return 'Being finished';
    case 'failed':
      return 'No replay, bytes kept';
    case 'expired':
      return 'Deleted';
    case 'ready':
      return entry.pinned
        ? 'Kept for good'
        : `Kept until ${dateOf(Date.parse(entry.retainUntil), nowMs)}`;
  }
}

/** What the last check of every byte said, in full. */
export function hashWords(hash: HashStatus, nowMs: number): string {
  if (hash.state === 'unchecked') return 'Not checked yet';
  const when = dateOf(Date.parse(hash.checkedAt), nowMs);
  if (hash.state === 'intact') return `Every byte was as recorded on ${when}`;
  const files = hash.problemCount === 1 ? '1 file is' : `${hash.problemCount} files are`;
  return `${files} not as recorded (checked on ${when})`;
}

/** What takes how much, e.g. `12 recordings, 3.4 GB of 50 GB`. */
export function usedWords(count: number, usedBytes: number, quotaGb: number | undefined): string {
  const recordings = count === 1 ? '1 recording' : `${count.toLocaleString()} recordings`;
  const quota = quotaGb === undefined ? '' : ` of ${quotaGb.toLocaleString()} GB`;
  return `${recordings}, ${byteSize(usedBytes)}${quota}`;
}

/** What a limit deletes at once. */
export function goingWords({ goes, freesBytes }: QuotaPreview): string {
  const named = goes.slice(0, 5).map(({ title }) => `“${title}”`);
  const more = goes.length - named.length;
  const all = more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
  return `With this limit ${goes.length === 1 ? 'a recording is' : `${goes.length} recordings are`} deleted within a minute, ${byteSize(freesBytes)}: ${all}.`;
}

/** What a job does, and to what. */
export function jobWords({ kind, state, title }: LibraryJob): string {
  const name = `“${title}”`;
  if (kind === 'summarise') return summaryWords(state, name);
  switch (state) {
    case 'waiting':
      return kind === 'export' ? `${name} waits to be exported` : `${name} waits to be checked`;
    case 'running':
      return kind === 'export' ? `Exporting ${name}` : `Checking ${name}`;
    case 'done':
      return kind === 'export' ? `${name} is exported` : `${name} is checked`;
    case 'failed':
      return kind === 'export' ? `${name} was not exported` : `${name} could not be checked`;
    case 'cancelled':
      return kind === 'export'
        ? `Export of ${name} was cancelled`
        : `Check of ${name} was cancelled`;
  }
}

function summaryWords(state: LibraryJob['state'], name: string): string {
  switch (state) {
    case 'waiting':
      return `${name} waits to be summed up`;
    case 'running':
      return `Summing up ${name}`;
    case 'done':
      return `${name} is summed up`;
    case 'failed':
      return `${name} could not be summed up`;
    case 'cancelled':
      return `Summary of ${name} was cancelled`;
  }
}
