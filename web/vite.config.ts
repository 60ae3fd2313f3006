import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    // A page each for drivers, managers and contractors; none loads what only another shows.
    rolldownOptions: { input: ['index.html', 'board.html', 'call.html'] },
    // The page's security policy allows no data: scripts or styles, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'assets/licences.txt' },
    // The map library is one chunk of its own that the shell does not wait for.
    chunkSizeWarningLimit: 1200,
  },
  server: { host: '127.0.0.1', proxy: proxyToServer(process.env['YUKIMICHI_URL']) },
  test: { include: ['test/unit/**/*.test.ts'], environment: 'node' },
});

function proxyToServer(target: string | undefined) {
  if (target === undefined) return {};
  return Object.fromEntries(['/style.json', '/tiles', '/api'].map((path) => [path, { target }]));
}
