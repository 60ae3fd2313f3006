import type { Geometry } from 'geojson';
import type { LayerSpecification, LineLayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { LineLook, ServedStyle } from '../api/style';
import type { Theme } from '../theme/theme.svelte';
import { GROUNDS, type Ground } from './ground';
import { FONTS, overlayLayers, overlaySources, type Overlays } from './overlays';
import { byStandard } from './standard-view';

export const ROADS_SOURCE = 'roads';
export const ROADS_HIT_LAYER = 'roads-hit';
export const STATIONS_LAYER = 'page-stations';
const CASING_LAYER = 'roads-casing';
const ROADS_LAYER_PREFIX = 'roads-';
/** The only ones of the server's road layers that tell no status, so that one added there is never forgotten here. */
const LAYERS_WITHOUT_STATUS: ReadonlySet<string> = new Set([CASING_LAYER, ROADS_HIT_LAYER]);
const SELECTED_SOURCE = 'selected-road';

/** By the time since a road was cleared, or by whether it meets its own standard. */
export type Colouring = 'ages' | 'standard';

export interface PageView {
  /** Set once the server has been silent for so long that no colour may be believed. */
  readonly drawAllAs: LineLook | null;
  readonly selectedLine: Geometry | null;
  readonly colouring: Colouring;
  readonly theme: Theme;
  readonly overlays: Overlays;
}

/** What the server serves, with what only this page shows: road names, the selected road, closures, stations, lost contact. */
export function pageStyle(served: ServedStyle, view: PageView): StyleSpecification {
  const ground = GROUNDS[view.theme];
  const layers = served.layers.map((layer) => onGround(coloured(layer, view), ground));
  const firstRoads = layers.findIndex((layer) => 'source' in layer && layer.source === ROADS_SOURCE);
  return {
    ...served,
    sources: {
      ...served.sources,
      [SELECTED_SOURCE]: { type: 'geojson', data: { type: 'FeatureCollection', features: featuresOf(view.selectedLine) } },
      ...overlaySources(view.overlays),
    },
    layers: [
      ...layers.slice(0, firstRoads),
      selectedGlow(ground),
      ...layers.slice(firstRoads),
      roadNames(ground),
      ...overlayLayers(ground),
    ],
  };
}

function coloured(layer: LayerSpecification, { drawAllAs, colouring }: PageView): LayerSpecification {
  if (layer.type !== 'line' || !tellsStatus(layer)) return layer;
  if (drawAllAs !== null) return drawnAs(layer, drawAllAs);
  return colouring === 'standard' ? (byStandard(layer) ?? layer) : layer;
}

function tellsStatus({ id }: LineLayerSpecification): boolean {
  return id.startsWith(ROADS_LAYER_PREFIX) && !LAYERS_WITHOUT_STATUS.has(id);
}

function drawnAs(layer: LineLayerSpecification, look: LineLook): LineLayerSpecification {
  const { 'line-dasharray': _dash, ...paint } = layer.paint ?? {};
  const dash = look.dash === null ? {} : { 'line-dasharray': [...look.dash] };
  return { ...layer, paint: { ...paint, 'line-color': look.color, ...dash } };
}

function onGround(layer: LayerSpecification, { ground, casing }: Ground): LayerSpecification {
  if (layer.type === 'background') return { ...layer, paint: { ...layer.paint, 'background-color': ground } };
  if (layer.type === 'line' && layer.id === CASING_LAYER) return { ...layer, paint: { ...layer.paint, 'line-color': casing } };
  return layer;
}

function featuresOf(geometry: Geometry | null) {
  return geometry === null ? [] : [{ type: 'Feature' as const, properties: {}, geometry }];
}

// Light under the road, so that the colour of its state stays as it is.
function selectedGlow({ glow }: Ground): LayerSpecification {
  return {
    id: 'selected-road-glow',
    type: 'line',
    source: SELECTED_SOURCE,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': glow,
      'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 8, 12, 12, 16, 16, 30],
    },
  };
}

// The style has no `glyphs`, so the browser's own fonts draw every letter and none is fetched.
function roadNames({ label, labelHalo }: Ground): LayerSpecification {
  return {
    id: 'road-names',
    type: 'symbol',
    source: ROADS_SOURCE,
    'source-layer': 'roads',
    minzoom: 12.5,
    filter: ['any', ['to-boolean', ['get', 'name']], ['to-boolean', ['get', 'ref']]],
    layout: {
      'symbol-placement': 'line',
      'symbol-spacing': 320,
      'symbol-sort-key': ['match', ['get', 'class'], ['motorway', 'trunk'], 0, 'primary', 1, 'secondary', 2, 'tertiary', 3, 4],
      'text-field': ['case', ['to-boolean', ['get', 'name']], ['get', 'name'], ['get', 'ref']],
      'text-font': FONTS,
      'text-size': ['interpolate', ['linear'], ['zoom'], 12.5, 11, 17, 15],
      'text-max-angle': 35,
      'text-padding': 6,
      'text-offset': [0, 1.1],
    },
    paint: { 'text-color': label, 'text-halo-color': labelHalo, 'text-halo-width': 1.8 },
  };
}
