import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';

/** Test pages of this folder, bundled as the window is, on an origin of their own. */
export interface PageServer {
  /** e.g. `http://127.0.0.1:40123`. */
  origin: string;
  close(): Promise<void>;
}

/** Bundles pages of `pages/` with the parts of the renderer they import, and serves them. */
export async function servePages(...names: string[]): Promise<PageServer> {
  const root = join(import.meta.dirname, 'pages');
  const outDir = await mkdtemp(join(tmpdir(), 'swarm-page-'));
  const shared = { configFile: false, root, logLevel: 'error' } as const;
  await build({
    ...shared,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2024',
      rollupOptions: { input: names.map((name) => join(root, `${name}.html`)) },
    },
    worker: { format: 'es' },
  });
  const server = await preview({
    ...shared,
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0, strictPort: false },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('The page has no port.');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async close() {
      await server.close();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}
