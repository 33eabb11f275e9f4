import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

/**
 * Assets by absolute path: the page is served at every route (`/join/…`), by the rendezvous, by
 * the browser host and by Electron's `studio://app`. electron-vite sets `./`, which fits file://.
 */
const rootedAssets: Plugin = {
  name: 'rooted-assets',
  config: { order: 'post', handler: () => ({ base: '/' }) },
};

export default defineConfig({
  main: {
    build: {
      target: 'node24',
      sourcemap: false,
      // Optional, so not among the dependencies; bundled it would look for its binary in out/.
      externalizeDeps: { include: ['ffmpeg-static', 'mediasoup'] },
      rolldownOptions: {
        input: {
          electron: resolve('main/hosts/electron/index.ts'),
          browser: resolve('main/hosts/browser/index.ts'),
          node: resolve('main/hosts/node/index.ts'),
          recordings: resolve('main/hosts/recordings/index.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      target: 'node24',
      // A sandboxed preload is one CommonJS file: it can require nothing but Electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve('renderer'),
    plugins: [react(), rootedAssets],
    build: {
      outDir: resolve('out/renderer'),
      emptyOutDir: true,
      // Guests come with whatever browser they have.
      target: 'es2022',
      minify: true,
      sourcemap: false,
      rolldownOptions: { input: resolve('renderer/index.html') },
    },
  },
});
