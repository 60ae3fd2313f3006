import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const SERVICE_WORKER = 'sw';

export default defineConfig({
  plugins: [svelte(), shellFilesForServiceWorker()],
  build: {
    target: 'es2022',
    // The page's security policy allows no data: scripts or styles, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'assets/licences.txt' },
    // The map library is one chunk of its own that the shell does not wait for.
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: { index: 'index.html', [SERVICE_WORKER]: 'src/offline/service-worker.ts' },
      output: {
        // It rules only what lies beside or below it, and keeps its name.
        entryFileNames: ({ name }) => (name === SERVICE_WORKER ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { host: '127.0.0.1', proxy: proxyToServer(process.env['YUKIMICHI_URL']) },
  test: { include: ['test/unit/**/*.test.ts'], environment: 'node' },
});

function proxyToServer(target: string | undefined) {
  if (target === undefined) return {};
  return Object.fromEntries(['/style.json', '/tiles', '/api'].map((path) => [path, { target }]));
}

/** Tells the service worker the files of this build. */
function shellFilesForServiceWorker(): Plugin {
  return {
    name: 'shell-files-for-service-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      const worker = bundle[`${SERVICE_WORKER}.js`];
      if (worker?.type !== 'chunk') throw new Error('the build has no service worker');
      if (worker.imports.length > 0) throw new Error(`the service worker must stand alone: ${worker.imports.join()}`);
      const files = Object.keys(bundle)
        .filter((file) => file.startsWith('assets/') && !file.endsWith('licences.txt'))
        .map((file) => `/${file}`);
      worker.code = worker.code.replaceAll('__SHELL_FILES__', JSON.stringify([...files, '/manifest.webmanifest']));
    },
  };
}
