import type { LineString } from 'geojson';
import type { LayerSpecification, LineLayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { LineLook, ServedStyle } from '../api/style';

export const ROADS_SOURCE = 'roads';
export const ROADS_HIT_LAYER = 'roads-hit';
const ROADS_LAYER_PREFIX = 'roads-';
/** The only ones of the server's road layers that tell no status, so that one added there is never forgotten here. */
const LAYERS_WITHOUT_STATUS: ReadonlySet<string> = new Set(['roads-casing', ROADS_HIT_LAYER]);
const SELECTED_SOURCE = 'selected-road';

export interface PageView {
  /** Set once the server has been silent for so long that no colour may be believed. */
  readonly drawAllAs: LineLook | null;
  readonly selectedLine: LineString | null;
}

/** What the server serves, with what only this page shows: road names, the selected road, lost contact. */
export function pageStyle(served: ServedStyle, view: PageView): StyleSpecification {
  const { drawAllAs } = view;
  const layers: readonly LayerSpecification[] = served.layers.map((layer) =>
    drawAllAs !== null && layer.type === 'line' && tellsStatus(layer) ? drawnAs(layer, drawAllAs) : layer,
  );
  const firstRoads = layers.findIndex((layer) => 'source' in layer && layer.source === ROADS_SOURCE);
  return {
    ...served,
    sources: {
      ...served.sources,
      [SELECTED_SOURCE]: { type: 'geojson', data: { type: 'FeatureCollection', features: featuresOf(view.selectedLine) } },
    },
    layers: [...layers.slice(0, firstRoads), selectedGlow, ...layers.slice(firstRoads), ...roadNames],
  };
}

function tellsStatus({ id }: LineLayerSpecification): boolean {
  return id.startsWith(ROADS_LAYER_PREFIX) && !LAYERS_WITHOUT_STATUS.has(id);
}

function drawnAs(layer: LineLayerSpecification, look: LineLook): LineLayerSpecification {
  const { 'line-dasharray': _dash, ...paint } = layer.paint ?? {};
  const dash = look.dash === null ? {} : { 'line-dasharray': [...look.dash] };
  return { ...layer, paint: { ...paint, 'line-color': look.color, ...dash } };
}

function featuresOf(line: LineString | null) {
  return line === null ? [] : [{ type: 'Feature' as const, properties: {}, geometry: line }];
}

// Light under the road, so that the colour of its state stays as it is.
const selectedGlow: LayerSpecification = {
  id: 'selected-road-glow',
  type: 'line',
  source: SELECTED_SOURCE,
  layout: { 'line-cap': 'round', 'line-join': 'round' },
  paint: {
    'line-color': '#ffffff',
    'line-opacity': 0.38,
    'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 8, 12, 12, 16, 16, 30],
  },
};

// The style has no `glyphs`, so the browser's own fonts draw every letter and none is fetched.
const roadNames: readonly LayerSpecification[] = [
  {
    id: 'road-names',
    type: 'symbol',
    source: ROADS_SOURCE,
    'source-layer': 'roads',
    minzoom: 12.5,
    filter: ['any', ['to-boolean', ['get', 'name']], ['to-boolean', ['get', 'ref']]],
    layout: {
      'symbol-placement': 'line',
      'symbol-spacing': 320,
      'symbol-sort-key': [
        'match',
        ['get', 'class'],
        ['motorway', 'trunk'],
        0,
        'primary',
        1,
        'secondary',
        2,
        'tertiary',
        3,
        4,
      ],
      'text-field': ['case', ['to-boolean', ['get', 'name']], ['get', 'name'], ['get', 'ref']],
      'text-font': ['Noto Sans JP Medium', 'Noto Sans CJK JP', 'Hiragino Sans', 'Yu Gothic', 'sans-serif'],
      'text-size': ['interpolate', ['linear'], ['zoom'], 12.5, 11, 17, 15],
      'text-max-angle': 35,
      'text-padding': 6,
      'text-offset': [0, 1.1],
    },
    paint: {
      'text-color': '#dfe8f0',
      'text-halo-color': '#0b1117',
      'text-halo-width': 1.8,
    },
  },
];
