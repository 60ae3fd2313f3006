import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin, Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';

const SERVICE_WORKER = 'sw';
const DRIVERS_PAGE = 'index';

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
      // A page each for drivers, managers and contractors; none loads what only another shows.
      input: {
        [DRIVERS_PAGE]: 'index.html',
        board: 'board.html',
        call: 'call.html',
        [SERVICE_WORKER]: 'src/offline/service-worker.ts',
      },
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
      const others = filesOfOtherPages(bundle);
      const files = Object.keys(bundle)
        .filter((file) => file.startsWith('assets/') && !file.endsWith('licences.txt') && !others.has(file))
        .map((file) => `/${file}`);
      worker.code = worker.code.replaceAll('__SHELL_FILES__', JSON.stringify([...files, '/manifest.webmanifest']));
    },
  };
}

/** Scripts and styles that only the managers' and the contractors' pages load. */
function filesOfOtherPages(bundle: Rolldown.OutputBundle): Set<string> {
  const entries = Object.values(bundle).filter((output) => output.type === 'chunk' && output.isEntry);
  const filesOf = (wanted: (name: string) => boolean) => {
    const found = new Set<string>();
    const visit = (file: string) => {
      const output = bundle[file];
      if (found.has(file)) return;
      found.add(file);
      if (output?.type !== 'chunk') return;
      [...output.imports, ...output.dynamicImports, ...(output.viteMetadata?.importedCss ?? [])].forEach(visit);
    };
    entries.filter(({ name }) => wanted(name ?? '')).forEach(({ fileName }) => visit(fileName));
    return found;
  };
  const drivers = filesOf((name) => name === DRIVERS_PAGE);
  const others = filesOf((name) => name !== DRIVERS_PAGE && name !== SERVICE_WORKER);
  return new Set([...others].filter((file) => !drivers.has(file)));
}
