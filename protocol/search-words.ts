/** The words of a text as SQLite's FTS5 (`unicode61`) tells them apart: letters and digits with their marks. */
export function searchWords(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
}
