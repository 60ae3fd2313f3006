import type { Laid } from '../api/closures';
import type { RouteStretch } from '../api/plans';
import type { Text } from '../language';

const METRES_PER_KM = 1000;

/** From–to as the manager says it: by names of places, else by kiloposts; null where neither is told. */
export function stretchText(route: RouteStretch | null): Text | null {
  if (route === null) return null;
  if (route.from_name || route.to_name) {
    const [from, to] = [route.from_name ?? '', route.to_name ?? ''];
    return { ja: `${from}〜${to}`, en: `${from} – ${to}`, easy: `${from} から ${to} まで` };
  }
  if (route.from_km === null && route.to_km === null) return null;
  const km = (value: number | null) => value?.toFixed(1) ?? '';
  const [from, to] = [km(route.from_km), km(route.to_km)];
  return { ja: `距離標 ${from}〜${to} km`, en: `km ${from}–${to}`, easy: `${from} km から ${to} km まで` };
}

/** How long it is on the network; null where it was not laid. */
export function laidLengthText({ segments }: Laid): Text | null {
  if (segments === undefined || segments.length === 0) return null;
  const metres = segments.reduce((sum, { from_m, to_m }) => sum + (to_m - from_m), 0);
  const length = metres < METRES_PER_KM ? `${Math.round(metres)} m` : `${(metres / METRES_PER_KM).toFixed(1)} km`;
  return { ja: `延長 ${length}`, en: `${length} long`, easy: `長さ ${length}` };
}
