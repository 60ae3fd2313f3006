import type { Closure } from '../api';

/** Where a closure is, as its source said it; null where that is a shape alone. */
export function closurePlace({ route, zone }: Pick<Closure, 'route' | 'zone'>): string | null {
  if (route === null) return zone;
  const ends = [
    [route.from_name, route.from_km],
    [route.to_name, route.to_km],
  ].map(([name, km]) => name ?? (km === null || km === undefined ? '' : `${km} km`));
  const stretch = ends.some((end) => end !== '') ? ` ${ends.join('〜')}` : '';
  return `${route.route}${route.section === null ? '' : ` ${route.section}`}${stretch}`;
}
