import { searchWords } from '../../protocol/search-words.ts';

/** Words past these say no more about what is looked for. */
const MAX_WORDS = 8;

/** What somebody looks for, as the index is asked. */
export interface ParsedSearch {
  /** An FTS5 expression; `undefined` where no word was given. */
  match: string | undefined;
  /** The author's handle; `undefined` for any. */
  author: string | undefined;
}

/**
 * Reads what a person typed into a search field. Nothing of it is FTS5 syntax: words are quoted,
 * signs part them. All words must be there, each at least begun (SQLite, FTS5, section 3).
 */
export function parseSearch(text: string): ParsedSearch {
  let author: string | undefined;
  const words: string[] = [];
  for (const term of text.normalize('NFC').split(/\s+/u)) {
    const handle = /^@([a-z0-9][a-z0-9_-]{1,31})$/i.exec(term)?.[1];
    if (handle) author = handle.toLowerCase();
    else if (term.startsWith('#'))
      words.push(...searchWords(term).map((word) => `tags : "${word}"`));
    else words.push(...searchWords(term).map((word) => `"${word}" *`));
  }
  const used = words.slice(0, MAX_WORDS);
  return { match: used.length > 0 ? used.join(' AND ') : undefined, author };
}
