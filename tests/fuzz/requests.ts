import type { InjectOptions } from 'fastify';
import { ErrorCode } from '../../protocol/errors.ts';
import { INVITATION_HEADER } from '../../protocol/rooms.ts';
import type { TestNode } from '../integration/rendezvous/node.ts';
import { type JsonSchema, propertyFrom, type Source, valueFrom } from './from-schema.ts';
import { mutated, mutatedText, nearlyJson } from './mutation.ts';
import type { World } from './world.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: JsonSchema;
}

/** One operation of the node, as its OpenAPI document has it. */
interface Operation {
  method: string;
  path: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
}

export interface Api {
  operations: readonly Operation[];
  resolve(ref: string): JsonSchema;
}

/** Reads what the node says of itself. */
export async function readApi(node: TestNode): Promise<Api> {
  const { json } = await node.request('GET', '/api/openapi.json');
  const paths = Object.entries(json.paths as Record<string, Record<string, Operation>>);
  return {
    operations: paths.flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        ...{ path, method: method.toUpperCase() },
      })),
    ),
    resolve: (ref) => json.components.schemas[ref.split('/').at(-1) ?? ''] ?? {},
  };
}

/** A request that is right, or was before some of it was changed. */
export function randomRequest(api: Api, world: World, source: Source): InjectOptions {
  const { random } = source;
  const operation = random.pick(api.operations);
  const parameters = operation.parameters ?? [];
  const text = (parameter: Parameter) => {
    const value = String(propertyFrom(parameter.name, parameter.schema, source));
    return encodeURIComponent(
      (random.chance(0.1) ? mutatedText(value, random) : value).toWellFormed(),
    );
  };
  let path = operation.path;
  const query: string[] = [];
  for (const parameter of parameters) {
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, text(parameter));
    if (parameter.in === 'query') query.push(`${parameter.name}=${text(parameter)}`);
  }
  const url = (query.length > 0 ? `${path}?${query.join('&')}` : path).toWellFormed();
  const headers: Record<string, string> = {};
  if (random.chance(0.9)) headers.authorization = `Bearer ${random.pick(world.people).token}`;
  if (random.chance(0.02)) headers.authorization = printable(random.text(60));
  if (random.chance(0.1)) headers[INVITATION_HEADER] = printable(random.pick(source.strings));
  if (random.chance(0.02)) headers.range = `bytes=${random.text(8).replace(/[^\d,-]/g, '-')}`;
  const method = random.chance(0.97)
    ? operation.method
    : random.pick(['GET', 'PUT', 'DELETE', 'OPTIONS']);
  const schema = operation.requestBody?.content['application/json']?.schema;
  const request = {
    method: method as NonNullable<InjectOptions['method']>,
    url: random.chance(0.02) ? `/${encodeURI(mutatedText(url, random).toWellFormed())}` : url,
    headers,
  };
  if (!schema || method === 'GET') return request;
  const right = valueFrom(schema, source);
  const body = random.chance(0.5) ? mutated(right, random, source.strings) : right;
  const type = random.chance(0.97) ? 'application/json' : random.pick(['text/plain', 'x/y', 'a']);
  return {
    ...request,
    headers: { ...headers, 'content-type': type },
    payload: nearlyJson(body, random),
  };
}

/** Sends it. Throws when the answer is a fault of the node, or a refusal without a code. */
export async function sendRequest(node: TestNode, request: InjectOptions): Promise<number> {
  const answer = await node.app.inject(request);
  const isRefusal = answer.statusCode >= 400;
  const isRight = isRefusal && request.method !== 'OPTIONS' ? hasCode(answer.body) : true;
  if (answer.statusCode >= 500 || !isRight) {
    throw new Error(`${JSON.stringify(request)} was answered ${answer.statusCode}: ${answer.body}`);
  }
  return answer.statusCode;
}

function hasCode(body: string): boolean {
  try {
    return ErrorCode.safeParse(JSON.parse(body).code).success;
  } catch {
    return false;
  }
}

/** Header values are Latin-1 without control characters (RFC 9110, section 5.5). */
function printable(text: string): string {
  return text.replace(/[^ -~]/g, '?');
}
