import type { Box } from '../api/lists';

/** MapLibre's zoom 0 shows the world in so many pixels. */
const WORLD_PX = 512;
const PLACE = /(?:^#|&)map=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/;

/**
 * What the map will show, so that closures are told before the map library has come: around the place in
 * the address, else the whole network.
 */
export function firstBox(hash: string, networkBox: Box | null, screen: { widthPx: number; heightPx: number }): Box | null {
  const [, zoom, lat, lon] = (PLACE.exec(hash) ?? []).map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined) return networkBox;
  if (![zoom, lat, lon].every(Number.isFinite) || Math.abs(lat) > 85) return networkBox;
  const degreesPerPx = 360 / (WORLD_PX * 2 ** zoom);
  const east = (screen.widthPx / 2) * degreesPerPx;
  const north = (screen.heightPx / 2) * degreesPerPx * Math.cos((lat * Math.PI) / 180);
  return [lon - east, lat - north, lon + east, lat + north];
}
