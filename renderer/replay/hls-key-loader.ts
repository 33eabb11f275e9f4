import type {
  HlsConfig,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
} from 'hls.js';

type LoaderClass = new (config: HlsConfig) => Loader<LoaderContext>;

/** A replay's segment key is at this name, relative to its playlist. */
const KEY_NAME = /\/key$/;

/**
 * Has hls.js take the segment key from `open` instead of from the node, which does not have it;
 * all else it loads as before.
 */
export function keyLoaderOf(
  Base: LoaderClass,
  open: () => Promise<Uint8Array<ArrayBuffer>>,
): LoaderClass {
  return class KeyLoader extends Base {
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      if (!KEY_NAME.test(new URL(context.url, location.href).pathname)) {
        super.load(context, config, callbacks);
        return;
      }
      this.context = context;
      const { stats } = this;
      stats.loading.start = performance.now();
      open().then(
        (key) => {
          if (stats.aborted) return;
          stats.loading.first = stats.loading.end = performance.now();
          stats.loaded = stats.total = key.length;
          callbacks.onSuccess(
            { url: context.url, data: key.buffer, code: 200 },
            stats,
            context,
            null,
          );
        },
        (error: unknown) => {
          if (stats.aborted) return;
          const text = error instanceof Error ? error.message : String(error);
          callbacks.onError({ code: 403, text }, context, null, stats);
        },
      );
    }
  };
}
