import { searchWords } from '../../protocol/search-words.ts';

/** The words of a search that stand out where they are found, in lower case. */
export function wordsToMark(query: string): string[] {
  const terms = query.toLowerCase().split(/\s+/u);
  const words = terms.filter((term) => !term.startsWith('@')).flatMap(searchWords);
  // The longest first: of two that begin alike the longer is marked.
  return [...new Set(words)].sort((a, b) => b.length - a.length);
}
