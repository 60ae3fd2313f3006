import type { Map as MapLibreMap } from 'maplibre-gl';

declare global {
  interface Window {
    /** For tests and for a developer's console. */
    yukimichi: {
      map: MapLibreMap | null;
      /** Once the map has loaded its style and drawn for the first time. */
      readonly ready: Promise<MapLibreMap>;
    };
  }
}
