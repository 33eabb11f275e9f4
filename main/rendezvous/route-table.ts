import type { RouteOptions } from 'fastify';

/** Which methods an address takes, so that a wrong one can be told from a wrong address. */
export class RouteTable {
  readonly #routes: { pattern: RegExp; methods: readonly string[] }[] = [];

  /** Notes a route, as Fastify's `onRoute` tells it. */
  add(route: Pick<RouteOptions, 'url' | 'method'>): void {
    // The UI's catch-all would make every address one that exists.
    if (route.url === '/*' || route.url === '*') return;
    this.#routes.push({ pattern: patternOf(route.url), methods: [route.method].flat() });
  }

  /** Methods in alphabetical order; none when there is no such address. `path` has no query. */
  methodsFor(path: string): string[] {
    const found = this.#routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(found.flatMap(({ methods }) => methods))].sort();
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) => {
      if (part.startsWith(':')) return '[^/]+';
      if (part === '*') return '.*';
      return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('/');
  return new RegExp(`^${source}$`);
}
