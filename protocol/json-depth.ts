/**
 * Whether objects and lists hold each other at most this many levels deep. `JSON.parse` takes any
 * depth, but nearly everything that walks the value afterwards, `JSON.stringify` first of all,
 * overflows the stack at some thousand levels.
 */
export function isNestedAtMost(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  return Object.values(value).every((member) => isNestedAtMost(member, levels - 1));
}
