import { type ReadJournalOptions, readJournal } from '../journal/journal-reader.ts';
import { TakeSplicer } from './take-splicer.ts';

/** Reads from a journal where each take begins in the replay that is made of it, in ms. */
export async function readTakeStarts(
  journal: Pick<ReadJournalOptions, 'path' | 'key'>,
): Promise<readonly number[]> {
  const splicer = new TakeSplicer();
  for await (const { bytes } of readJournal(journal)) splicer.push(bytes);
  return splicer.takeStartsMs;
}
