import type { LibraryEntry, LibraryPage } from '../../protocol/recording-library.ts';

/** Rows that are asked for at a time. */
export const PAGE_ROWS = 100;

/** What of a long list is at hand: pages come as they are scrolled to. */
export interface LibraryPages {
  total: number;
  entries: ReadonlyMap<number, LibraryEntry>;
}

export const NO_PAGES: LibraryPages = { total: 0, entries: new Map() };

/** Puts a page in its place. What was known of other rows stays until the number of rows changes. */
export function withPage(pages: LibraryPages, offset: number, page: LibraryPage): LibraryPages {
  const entries = new Map(page.total === pages.total ? pages.entries : []);
  for (const [index, entry] of page.entries.entries()) entries.set(offset + index, entry);
  return { total: page.total, entries };
}

/** Puts a changed entry where it is shown; one that is not shown changes nothing. */
export function withEntry(pages: LibraryPages, changed: LibraryEntry): LibraryPages {
  for (const [index, { recordingId }] of pages.entries) {
    if (recordingId !== changed.recordingId) continue;
    return { ...pages, entries: new Map(pages.entries).set(index, changed) };
  }
  return pages;
}

/** Where the pages begin that these rows are on, as far as there are such rows. */
export function pageOffsets(total: number, first: number, last: number): readonly number[] {
  const offsets: number[] = [];
  const end = Math.min(last, total - 1);
  for (let offset = first - (first % PAGE_ROWS); offset <= end; offset += PAGE_ROWS) {
    offsets.push(offset);
  }
  return offsets;
}
