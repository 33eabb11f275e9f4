import type { Random } from './random.ts';

/** What is used of JSON Schema (2020-12), as zod writes it. */
export interface JsonSchema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  maxItems?: number;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
}

/** Where generated values come from. */
export interface Source {
  random: Random;
  /** Ids, tokens and signatures that mean something to the node at this moment. */
  strings: readonly string[];
  /** Values for a property of this name, e.g. ids, or a whole signed event. */
  values: ReadonlyMap<string, readonly unknown[]>;
  resolve(ref: string): JsonSchema;
}

/** A value that the schema takes, as far as schemas can say it. */
export function valueFrom(schema: JsonSchema, source: Source): unknown {
  const { random } = source;
  if (schema.$ref !== undefined) return valueFrom(source.resolve(schema.$ref), source);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return valueFrom(random.pick(choices), source);
  if (schema.allOf) {
    const parts = schema.allOf.map((part) => valueFrom(part, source));
    return parts.every((part) => typeof part === 'object') ? Object.assign({}, ...parts) : parts[0];
  }
  if ('const' in schema) return schema.const;
  if (schema.enum) return random.pick(schema.enum);
  switch (schema.type) {
    case 'object':
      return objectFrom(schema, source);
    case 'array':
      return Array.from({ length: random.below(Math.min(schema.maxItems ?? 4, 4) + 1) }, () =>
        valueFrom(schema.items ?? {}, source),
      );
    case 'string':
      return stringFrom(schema, source);
    case 'boolean':
      return random.chance(0.5);
    case 'integer':
      return Math.round(numberFrom(schema, random));
    case 'number':
      return numberFrom(schema, random);
    case 'null':
      return null;
    default:
      return random.pick(source.strings);
  }
}

function objectFrom({ properties = {}, required = [] }: JsonSchema, source: Source): object {
  const entries: [string, unknown][] = [];
  for (const [name, property] of Object.entries(properties)) {
    if (!required.includes(name) && source.random.chance(0.5)) continue;
    entries.push([name, propertyFrom(name, property, source)]);
  }
  return Object.fromEntries(entries);
}

/** For a property or parameter of this name, often one that the node has given out itself. */
export function propertyFrom(name: string, schema: JsonSchema, source: Source): unknown {
  const known = source.values.get(name) ?? [];
  const fixed = 'const' in schema || schema.enum !== undefined;
  if (fixed || known.length === 0 || source.random.chance(0.2)) return valueFrom(schema, source);
  return source.random.pick(known);
}

function stringFrom(schema: JsonSchema, { random, strings }: Source): string {
  if (schema.format === 'date-time') {
    return new Date(Date.now() + (random.next() - 0.5) * 1e8).toISOString();
  }
  const { pattern, minLength = 0, maxLength = 40 } = schema;
  const matches = new RegExp(pattern ?? '', 'u');
  const known = strings.filter(
    (text) => matches.test(text) && text.length >= minLength && text.length <= maxLength,
  );
  if (known.length > 0 && (pattern !== undefined || random.chance(0.3))) return random.pick(known);
  return random.text(Math.min(maxLength, 40)).padEnd(minLength, 'x');
}

function numberFrom(schema: JsonSchema, random: Random): number {
  const least = schema.minimum ?? schema.exclusiveMinimum ?? -1000;
  const most = Math.min(schema.maximum ?? least + 10_000, least + 1e9);
  return least + random.next() * (most - least);
}
