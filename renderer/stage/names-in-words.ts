/** `Ada`, `Ada and Bob`, `Ada, Bob and 3 others`: at most three names or counts. */
export function namesInWords(names: readonly string[]): string {
  const [first = '', second, third] = names;
  if (second === undefined) return first;
  if (third === undefined) return `${first} and ${second}`;
  if (names.length === 3) return `${first}, ${second} and ${third}`;
  return `${first}, ${second} and ${names.length - 2} others`;
}
