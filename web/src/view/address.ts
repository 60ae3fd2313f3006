import type { Colouring } from '../map/page-style';

/**
 * What a deep link keeps beside the map's own place (`map=zoom/lat/lon`, written by the map): which
 * colouring, which road's card, and when the link was made.
 */
export interface AddressView {
  readonly colouring: Colouring;
  readonly roadId: number | null;
  readonly sharedAtMs: number | null;
}

export const MAP_PART = 'map';

export function readAddress(hash: string): AddressView {
  const parts = partsOf(hash);
  const roadId = Number(parts.get('road'));
  const sharedAtMs = Date.parse(parts.get('shared') ?? '');
  return {
    colouring: parts.get('view') === 'standard' ? 'standard' : 'ages',
    roadId: Number.isSafeInteger(roadId) && roadId > 0 ? roadId : null,
    sharedAtMs: Number.isNaN(sharedAtMs) ? null : sharedAtMs,
  };
}

/** The hash with these in it; what others wrote there stays as it is. */
export function withView(hash: string, { colouring, roadId, sharedAtMs }: AddressView): string {
  const parts = partsOf(hash);
  const put = (key: string, value: string | null) => (value === null ? parts.delete(key) : parts.set(key, value));
  put('view', colouring === 'ages' ? null : colouring);
  put('road', roadId === null ? null : String(roadId));
  put('shared', sharedAtMs === null ? null : new Date(sharedAtMs).toISOString());
  const text = [...parts].map(([key, value]) => `${key}=${value}`).join('&');
  return text === '' ? '' : `#${text}`;
}

/** Not `URLSearchParams`, which would escape the slashes of the map's part. */
function partsOf(hash: string): Map<string, string> {
  const pairs = hash.replace(/^#/, '').split('&').filter(Boolean);
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
