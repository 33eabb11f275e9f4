import { redact } from './redact.ts';

/** Enough to see what led to a problem; old ones make room. */
export const PAGE_LOG_ENTRIES = 50;
const TEXT_LENGTH = 400;

export interface PageLogEntry {
  /** Milliseconds since the epoch. */
  atMs: number;
  level: 'warning' | 'error';
  /** Redacted when it was taken in: secrets are not even kept. */
  text: string;
}

/** The page's last warnings and errors, for a bug report. They never leave the page by themselves. */
export class PageLog {
  readonly #now: () => number;
  #entries: readonly PageLogEntry[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get entries(): readonly PageLogEntry[] {
    return this.#entries;
  }

  /** Takes in what `console.warn` and its like were called with. */
  add(level: PageLogEntry['level'], values: readonly unknown[]): void {
    const text = redact(values.map(wordsOf).join(' ')).slice(0, TEXT_LENGTH);
    const entry = { atMs: this.#now(), level, text };
    this.#entries = [...this.#entries, entry].slice(-PAGE_LOG_ENTRIES);
  }
}

/** What the page keeps from {@link followPage} on. */
export const pageLog = new PageLog();

/** Listens to the console's warnings and errors, and to what nobody caught. Once per page. */
export function followPage(page: Pick<Window, 'addEventListener'>, log: PageLog = pageLog): void {
  for (const [method, level] of [
    ['warn', 'warning'],
    ['error', 'error'],
  ] as const) {
    const print = console[method];
    console[method] = (...values: unknown[]) => {
      log.add(level, values);
      print.apply(console, values);
    };
  }
  page.addEventListener('error', ({ error, message }) => log.add('error', [error ?? message]));
  page.addEventListener('unhandledrejection', ({ reason }) => log.add('error', [reason]));
}

/** Objects may hold anything, so only their kind is kept; errors and plain values speak. */
function wordsOf(value: unknown): string {
  if (value instanceof Error) {
    const code = 'code' in value && typeof value.code === 'string' ? ` (${value.code})` : '';
    return `${value.name}: ${value.message}${code}`;
  }
  if (typeof value === 'object' && value !== null)
    return `[${value.constructor?.name ?? 'object'}]`;
  return String(value);
}
