/**
 * Whether a text that was parsed to this value (or to more, of which this is what is known) is its
 * shortest JSON: no whitespace, no escapes, no key twice, nothing that is not in the value. Such a
 * text can be passed on as it came, without writing the value anew.
 *
 * The lengths tell: each character of a string or a key takes at least one in the text, and all
 * punctuation is counted, so a text of exactly that length has no room for anything else. Right
 * only where the schema picks keys and changes no values. `false` where lengths can't tell
 * (numbers other than 0 to 999, which exponents may shorten) and where a character needs an escape.
 */
export function isCompactJson(text: string, value: unknown): boolean {
  return text.length === shortestLength(value);
}

/** In UTF-16 code units; `NaN` for what can't be told. */
function shortestLength(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return value.length + 2;
    case 'boolean':
      return value ? 4 : 5;
    case 'number':
      return Number.isInteger(value) && value >= 0 && value < 1000
        ? String(value).length
        : Number.NaN;
    case 'object':
      return value === null ? 4 : shortestLengthOf(value);
    default:
      return Number.NaN;
  }
}

function shortestLengthOf(value: object): number {
  const isList = Array.isArray(value);
  let length = 2;
  let members = 0;
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    length += shortestLength(member) + (isList ? 0 : key.length + 3);
    members += 1;
  }
  return length + Math.max(0, members - 1);
}
