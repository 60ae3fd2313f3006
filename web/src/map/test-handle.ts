import type { Map as MapLibreMap } from 'maplibre-gl';

let settle: (map: MapLibreMap) => void;
window.yukimichi = { map: null, ready: new Promise((resolve) => (settle = resolve)) };

export function exposeMap(map: MapLibreMap): void {
  window.yukimichi.map = map;
  map.once('load', () => settle(map));
}
