/** How an address is answered: `shell` is the page and its files, `view` what it shows. */
export type Keeping =
  | { readonly kind: 'shell'; readonly as: string }
  | { readonly kind: 'asset' }
  | { readonly kind: 'tile' }
  | { readonly kind: 'view'; readonly as: string }
  | { readonly kind: 'none' };

/** One page serves all languages. */
const PAGES = new Set(['/', '/ja', '/en']);
const SHELL_FILES = /^\/[\w-]+\.(webmanifest|png|svg)$/;
/** The lists keep their last answer whatever part of the map it was for; the page picks what is in view. */
const LISTS = /^\/api\/v1\/(closures|plans|orders|stations|observations)$/;

/**
 * Never the feeds: their answer is the page's proof of contact. Nor the event stream, nor single roads,
 * whose cards tell by themselves what the tiles know.
 */
export function whatToKeep(address: string): Keeping {
  const { pathname } = new URL(address);
  if (PAGES.has(pathname)) return { kind: 'shell', as: '/' };
  if (SHELL_FILES.test(pathname)) return { kind: 'shell', as: pathname };
  if (pathname.startsWith('/assets/')) return { kind: 'asset' };
  if (pathname.startsWith('/tiles/roads/')) return { kind: 'tile' };
  if (pathname === '/tiles/roads' || pathname === '/style.json' || LISTS.test(pathname)) return { kind: 'view', as: pathname };
  return { kind: 'none' };
}
