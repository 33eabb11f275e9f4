import type {
  FragmentLoaderContext,
  HlsConfig,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderStats,
} from 'hls.js';
import { ProtocolError } from '../../protocol/errors.ts';

/** Answers a file of the recording by name. */
export type LoadFile = (name: string, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** hls.js tries again after this status, and not after a refusal's own. */
const TRY_AGAIN = 503;

/** Has hls.js take init and media segments from `load`. */
export function fragmentLoaderOf(
  load: LoadFile,
): new (
  config: HlsConfig,
) => Loader<FragmentLoaderContext> {
  return class FragmentLoader implements Loader<FragmentLoaderContext> {
    context: FragmentLoaderContext | null = null;
    readonly stats: LoaderStats = newStats();
    #stopped = new AbortController();

    load(
      context: FragmentLoaderContext,
      _config: LoaderConfiguration,
      callbacks: LoaderCallbacks<FragmentLoaderContext>,
    ): void {
      this.context = context;
      const { stats } = this;
      const { signal } = this.#stopped;
      stats.loading.start = performance.now();
      load(nameOf(context.url), signal).then(
        (bytes) => {
          if (signal.aborted) return;
          stats.loading.first = Math.max(stats.loading.start, stats.loading.first);
          stats.loading.end = performance.now();
          stats.loaded = bytes.length;
          stats.total = bytes.length;
          // A copy: the player may do with it as it likes, and others are sent the original.
          const data = bytes.slice().buffer;
          callbacks.onSuccess({ url: context.url, data, code: 200 }, stats, context, null);
        },
        (error: unknown) => {
          if (signal.aborted) return;
          const code = error instanceof ProtocolError ? error.status : TRY_AGAIN;
          const text = error instanceof Error ? error.message : String(error);
          callbacks.onError({ code, text }, context, null, stats);
        },
      );
    }

    abort(): void {
      this.stats.aborted = true;
      this.#stopped.abort();
    }

    destroy(): void {
      this.#stopped.abort();
      this.context = null;
    }
  };
}

/** The last part of a URL's path. */
function nameOf(url: string): string {
  return new URL(url, location.href).pathname.split('/').at(-1) ?? '';
}

function newStats(): LoaderStats {
  return {
    aborted: false,
    loaded: 0,
    retry: 0,
    total: 0,
    chunkCount: 0,
    bwEstimate: 0,
    loading: { start: 0, first: 0, end: 0 },
    parsing: { start: 0, end: 0 },
    buffering: { start: 0, first: 0, end: 0 },
  };
}
