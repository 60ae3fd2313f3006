import type { Feature, FeatureCollection, Geometry, Point, Position } from 'geojson';
import 'maplibre-gl/dist/maplibre-gl.css';
import {
  AttributionControl,
  LngLatBounds,
  Map as MapLibreMap,
  NavigationControl,
  setWorkerUrl,
  type LayerSpecification,
  type StyleSpecification,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { ServedStyle } from '../../api/style';
import { messages } from '../../i18n';
import { inOrder, type Language } from '../../language';
import type { Closure, FeatureList } from '../api';

const CLOSURES = 'board-closures';
const MARKED = 'board-marked';
const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };

export interface BoardRoadMapOptions {
  readonly container: HTMLElement;
  readonly style: ServedStyle;
  readonly language: Language;
  readonly onTap: (at: [lon: number, lat: number]) => void;
}

setWorkerUrl(workerUrl);

/** The server's map with what only officers and firms see on it: closures at once, and what is marked. */
export class BoardRoadMap {
  readonly map: MapLibreMap;
  #closures: FeatureCollection = NOTHING;
  #marked: FeatureCollection = NOTHING;
  #style: ServedStyle;
  #loaded = false;

  constructor({ container, style, language, onTap }: BoardRoadMapOptions) {
    this.#style = style;
    const locale = (text: (typeof messages)[keyof typeof messages]) => inOrder(text, language);
    this.map = new MapLibreMap({
      container,
      style: this.#whole(),
      bounds: style.metadata['yukimichi:bounds'],
      fitBoundsOptions: { padding: 32, maxZoom: 15 },
      minZoom: 4,
      maxZoom: 19,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      locale: {
        'Map.Title': locale(messages.mapLabel),
        'NavigationControl.ZoomIn': locale(messages.zoomIn),
        'NavigationControl.ZoomOut': locale(messages.zoomOut),
        'AttributionControl.ToggleAttribution': locale(messages.attributionToggle),
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new AttributionControl({ compact: true }), 'bottom-right');
    this.map.once('style.load', () => {
      this.#loaded = true;
      this.#apply();
    });
    this.map.on('click', ({ lngLat }) => onTap([lngLat.lng, lngLat.lat]));
    this.map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const { lng, lat } = this.map.getCenter();
      onTap([lng, lat]);
    });
  }

  showStyle(style: ServedStyle): void {
    this.#style = style;
    this.#apply();
  }

  showClosures(closures: FeatureList<Closure> | null): void {
    const features = (closures?.features ?? []).flatMap(({ geometry, properties }): Feature[] =>
      geometry === null
        ? []
        : [{ type: 'Feature', geometry, properties: { shut: properties.shuts_the_road && properties.holds } }],
    );
    this.#closures = { type: 'FeatureCollection', features };
    this.#apply();
  }

  /** Marks shapes and places, such as a zone, or a closure while it is drawn. */
  showMarked(shapes: readonly (Geometry | null)[], places: readonly Position[] = []): void {
    const geometries = [...shapes.filter((shape) => shape !== null), ...places.map(pointAt)];
    const features = geometries.map((geometry): Feature => ({ type: 'Feature', properties: {}, geometry }));
    this.#marked = { type: 'FeatureCollection', features };
    this.#apply();
  }

  /** Whether the next tap means a place. */
  aim(aiming: boolean): void {
    this.map.getCanvas().style.cursor = aiming ? 'crosshair' : '';
  }

  show(geometry: Geometry): void {
    const bounds = positionsOf(geometry).reduce((box, [lon, lat]) => box.extend([lon!, lat!]), new LngLatBounds());
    if (!bounds.isEmpty()) this.map.fitBounds(bounds, { padding: 80, maxZoom: 16 });
  }

  remove(): void {
    this.map.remove();
  }

  #apply(): void {
    if (this.#loaded) this.map.setStyle(this.#whole(), { diff: true });
  }

  #whole(): StyleSpecification {
    return {
      ...this.#style,
      sources: {
        ...this.#style.sources,
        [CLOSURES]: { type: 'geojson', data: this.#closures },
        [MARKED]: { type: 'geojson', data: this.#marked },
      },
      layers: [...this.#style.layers, ...boardLayers],
    };
  }
}

function pointAt(coordinates: Position): Point {
  return { type: 'Point', coordinates };
}

function positionsOf(geometry: Geometry): Position[] {
  switch (geometry.type) {
    case 'Point':
      return [geometry.coordinates];
    case 'LineString':
    case 'MultiPoint':
      return geometry.coordinates;
    case 'MultiLineString':
    case 'Polygon':
      return geometry.coordinates.flat();
    case 'MultiPolygon':
      return geometry.coordinates.flat(2);
    case 'GeometryCollection':
      return geometry.geometries.flatMap(positionsOf);
  }
}

// White under red and dashes: told apart by form too.
const boardLayers: readonly LayerSpecification[] = [
  {
    id: 'board-closures-casing',
    type: 'line',
    source: CLOSURES,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': '#ffffff', 'line-width': 9 },
  },
  {
    id: 'board-closures',
    type: 'line',
    source: CLOSURES,
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': ['case', ['get', 'shut'], '#c4002a', '#b26a00'],
      'line-width': 6,
      'line-dasharray': [2, 1],
    },
  },
  {
    id: 'board-marked',
    type: 'line',
    source: MARKED,
    filter: ['!=', ['geometry-type'], 'Point'],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': '#ff5cf4', 'line-width': 7 },
  },
  {
    id: 'board-marked-places',
    type: 'circle',
    source: MARKED,
    filter: ['==', ['geometry-type'], 'Point'],
    paint: { 'circle-radius': 9, 'circle-color': '#ff5cf4', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 3 },
  },
];
