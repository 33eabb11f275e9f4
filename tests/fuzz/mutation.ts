import type { Random } from './random.ts';

const DEEP = 20_000;

/** What has broken parsers before: wrong kinds, extremes, names with a meaning of their own. */
const NASTY: readonly unknown[] = [
  ...[null, true, false, 0, -1, -0, 1.5, 1e308, Number.MAX_SAFE_INTEGER + 1, '', ' ', '\u0000'],
  ...['__proto__', 'constructor', 'toString', '../../etc/passwd', '%00', '\ud800', 'NaN', '💥'],
  ...[
    [],
    {},
    [[]],
    [null],
    { length: -1 },
    { length: { toString: 1 } },
    { size: { valueOf: 1 } },
    { toString: 1 },
    { toJSON: 'x' },
    'x'.repeat(5000),
  ],
];

const KEYS = ['__proto__', 'constructor', 'hasOwnProperty', 'type', 'roomId', '', '0', 'length'];

/** The value with a few things in it changed, anywhere and for anything. */
export function mutated(value: unknown, random: Random, strings: readonly string[]): unknown {
  let result = value;
  for (let count = 1 + random.below(3); count > 0; count--) {
    result = mutatedOnce(result, random, strings);
  }
  return result;
}

function mutatedOnce(value: unknown, random: Random, strings: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.05)) {
    return replacement(value, random, strings);
  }
  if (Array.isArray(value)) {
    if (value.length === 0 || random.chance(0.3)) {
      return [...value, ...Array.from({ length: random.below(300) }, () => random.pick(NASTY))];
    }
    const index = random.below(value.length);
    return value.map((one, i) => (i === index ? mutatedOnce(one, random, strings) : one));
  }
  const entries = Object.entries(value);
  const [key, member] = entries.length > 0 ? random.pick(entries) : ['', undefined];
  switch (random.below(4)) {
    case 0:
      return Object.fromEntries(entries.filter(([name]) => name !== key));
    case 1:
      return Object.fromEntries([...entries, [random.pick(KEYS), random.pick(NASTY)]]);
    default:
      return { ...value, [key]: mutatedOnce(member, random, strings) };
  }
}

function replacement(value: unknown, random: Random, strings: readonly string[]): unknown {
  if (typeof value === 'string' && random.chance(0.4)) return mutatedText(value, random);
  return random.chance(0.4) ? random.pick(strings) : random.pick(NASTY);
}

/** The text cut, grown, or with some of its characters exchanged. */
export function mutatedText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + random.text(5) + text.slice(at);
    case 2:
      return text.slice(0, at) + random.text(1) + text.slice(at + 1);
    case 3:
      return text + text.slice(at);
    case 4:
      return (
        text.slice(0, at) + random.pick(['"', '\\', '{', '[', ',', ':', '\n']) + text.slice(at)
      );
    default:
      return text.slice(at);
  }
}

/** JSON of the value, or nearly: now and then broken, with a key twice, or nested without end. */
export function nearlyJson(value: unknown, random: Random): string {
  const text = JSON.stringify(value) ?? '';
  if (random.chance(0.9)) return text;
  switch (random.below(3)) {
    case 0:
      return text.replace('{', '{"type":1,"roomId":"x",');
    case 1:
      return text.replace(/:[^,}]+/, `:${'['.repeat(DEEP)}${']'.repeat(DEEP)}`);
    default:
      return mutatedText(text, random);
  }
}
